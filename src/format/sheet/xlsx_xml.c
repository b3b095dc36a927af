/* XML parts through expat: namespaces resolved, DOCTYPE refused, nesting limited. */
#include "format/sheet/xlsx_in.h"

#include <string.h>

enum { READ_BYTES = 64 * 1024, TOKEN_BYTES_MAX = 1024 * 1024, NAME_SEPARATOR = '|' };

static const str NAMESPACES[] = {
    STR_INIT("http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    STR_INIT("http://purl.oclc.org/ooxml/spreadsheetml/main"),
    STR_INIT("http://schemas.openxmlformats.org/package/2006/relationships"),
    STR_INIT("http://schemas.openxmlformats.org/package/2006/content-types"),
};

static const struct {
    str name;
    enum tag tag;
} TAGS[] = {
    {STR_INIT("c"), TAG_C},
    {STR_INIT("v"), TAG_V},
    {STR_INIT("row"), TAG_ROW},
    {STR_INIT("f"), TAG_F},
    {STR_INIT("t"), TAG_T},
    {STR_INIT("is"), TAG_IS},
    {STR_INIT("si"), TAG_SI},
    {STR_INIT("rPh"), TAG_RPH},
    {STR_INIT("xf"), TAG_XF},
    {STR_INIT("mergeCell"), TAG_MERGE_CELL},
    {STR_INIT("cellXfs"), TAG_CELL_XFS},
    {STR_INIT("Default"), TAG_DEFAULT},
    {STR_INIT("numFmt"), TAG_NUM_FMT},
    {STR_INIT("Override"), TAG_OVERRIDE},
    {STR_INIT("Relationship"), TAG_RELATIONSHIP},
    {STR_INIT("sheet"), TAG_SHEET},
    {STR_INIT("sheetData"), TAG_SHEET_DATA},
    {STR_INIT("workbookPr"), TAG_WORKBOOK_PR},
};

static bool is_known_namespace(str uri)
{
    for (size_t i = 0; i < COUNT_OF(NAMESPACES); i++) {
        if (str_equal(uri, NAMESPACES[i])) {
            return true;
        }
    }
    return false;
}

/* expat writes a name as uri|local or uri|local|prefix. */
static enum tag tag_of(const char *name)
{
    str rest = str_from(name);
    str uri = {0};
    str local = {0};

    if (!str_cut(&rest, NAME_SEPARATOR, &uri) || !str_cut(&rest, NAME_SEPARATOR, &local) ||
        !is_known_namespace(uri)) {
        return TAG_OTHER;
    }
    for (size_t i = 0; i < COUNT_OF(TAGS); i++) {
        if (str_equal(local, TAGS[i].name)) {
            return TAGS[i].tag;
        }
    }
    return TAG_OTHER;
}

bool xml_is_unprefixed(const struct xml *xml)
{
    const char *first = strchr(xml->name, NAME_SEPARATOR);

    return first != NULL && strchr(first + 1, NAME_SEPARATOR) == NULL;
}

str xml_attribute(const char **attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2) {
        if (strcmp(attributes[0], name) == 0) {
            return str_from(attributes[1]);
        }
    }
    return (str){0};
}

static void keep(struct xml *xml, enum rc rc)
{
    if (rc != RC_OK && xml->rc == RC_OK) {
        xml->rc = rc;
        (void)XML_StopParser(xml->parser, XML_FALSE);
    }
}

static void XMLCALL on_begin(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct xml *xml = self;
    int depth_max = xml->part.package->limits->depth_max;

    if (xml->rc != RC_OK) {
        return;
    }
    if (++xml->depth > depth_max) {
        keep(xml, err_set(xml->part.package->err, RC_LIMIT, MSG_SHEET_XML_TOO_DEEP,
                          arg_text(xml->part.path), arg_count(depth_max)));
        return;
    }
    xml->name = name;
    if (xml->begin != NULL) {
        keep(xml, xml->begin(xml, tag_of(name), attributes));
    }
}

static void XMLCALL on_end(void *self, const XML_Char *name)
{
    struct xml *xml = self;

    if (xml->rc != RC_OK) {
        return;
    }
    if (xml->end != NULL) {
        keep(xml, xml->end(xml, tag_of(name)));
    }
    xml->depth--;
}

static void XMLCALL on_text(void *self, const XML_Char *at, int len)
{
    struct xml *xml = self;

    if (xml->rc == RC_OK && xml->text != NULL) {
        keep(xml, xml->text(xml, (str){at, (size_t)len}));
    }
}

static void XMLCALL on_doctype(void *self, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_subset)
{
    struct xml *xml = self;

    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_subset;
    keep(xml,
         err_set(xml->part.package->err, RC_INVALID, MSG_SHEET_DOCTYPE, arg_text(xml->part.path)));
}

enum rc xml_open(struct xml *xml, struct package *package, str path)
{
    xml->parser = NULL;
    xml->fed = 0;
    xml->rc = part_open(package, path, &xml->part);
    if (xml->rc != RC_OK) {
        return xml->rc;
    }
    xml->parser = XML_ParserCreateNS(NULL, NAME_SEPARATOR);
    MUST(xml->parser != NULL);
    XML_SetReturnNSTriplet(xml->parser, 1);
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_begin, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    return RC_OK;
}

void xml_close(struct xml *xml)
{
    if (xml->parser != NULL) {
        XML_ParserFree(xml->parser);
        xml->parser = NULL;
    }
    part_close(&xml->part);
}

enum rc xml_broken(struct xml *xml)
{
    return err_set(xml->part.package->err, RC_INVALID, MSG_SHEET_PART_BROKEN,
                   arg_text(xml->part.path));
}

/* What expat answered. A tag or comment that does not end is refused early: expat keeps it in
 * memory and reads it again from its beginning with every piece. */
static enum rc outcome(struct xml *xml, enum XML_Status status)
{
    if (xml->rc != RC_OK) {
        return xml->rc;
    }
    if (status != XML_STATUS_OK) {
        return xml_broken(xml);
    }
    if (xml->fed - XML_GetCurrentByteIndex(xml->parser) > TOKEN_BYTES_MAX) {
        return err_set(xml->part.package->err, RC_LIMIT, MSG_SHEET_XML_TOKEN_TOO_BIG,
                       arg_text(xml->part.path), arg_count(TOKEN_BYTES_MAX / 1024));
    }
    return RC_OK;
}

enum rc xml_feed(struct xml *xml, str bytes, bool is_last)
{
    xml->fed += (XML_Index)bytes.len;
    return outcome(
        xml, XML_Parse(xml->parser, bytes.at, (int)bytes.len, is_last ? XML_TRUE : XML_FALSE));
}

enum rc xml_read(struct xml *xml, struct package *package, str path)
{
    enum rc rc = xml_open(xml, package, path);

    for (bool is_last = false; rc == RC_OK && !is_last;) {
        size_t len = 0;
        char *at = XML_GetBuffer(xml->parser, READ_BYTES);
        MUST(at != NULL);
        rc = part_read(&xml->part, at, READ_BYTES, &len);
        if (rc == RC_OK) {
            is_last = len == 0;
            xml->fed += (XML_Index)len;
            rc = outcome(xml, XML_ParseBuffer(xml->parser, (int)len, is_last));
        }
    }
    xml_close(xml);
    return rc;
}
