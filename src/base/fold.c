/* Folding by small explicit tables. */
#include "base/fold.h"

#include "base/must.h"
#include "base/utf8.h"

enum { FULL_FIRST = 0xFF01, FULL_LAST = 0xFF5E, FULL_TO_HALF = 0xFEE0 };

/* In order of code point. */
static const struct {
    uint32_t point;
    str text;
} FOLDS[] = {
    {0x9, STR_INIT(" ")},      {0xA, STR_INIT(" ")},     {0xD, STR_INIT(" ")},
    {0x5B, STR_INIT("(")},     {0x5D, STR_INIT(")")},    {0x7B, STR_INIT("(")},
    {0x7D, STR_INIT(")")},     {0xA0, STR_INIT(" ")},    {0xB2, STR_INIT("2")},
    {0xB3, STR_INIT("3")},     {0x2002, STR_INIT(" ")},  {0x2003, STR_INIT(" ")},
    {0x2009, STR_INIT(" ")},   {0x200B, STR_INIT("")},   {0x200C, STR_INIT("")},
    {0x200D, STR_INIT("")},    {0x200E, STR_INIT("")},   {0x200F, STR_INIT("")},
    {0x2010, STR_INIT("-")},   {0x2011, STR_INIT("-")},  {0x2012, STR_INIT("-")},
    {0x2013, STR_INIT("-")},   {0x2014, STR_INIT("-")},  {0x2015, STR_INIT("-")},
    {0x202F, STR_INIT(" ")},   {0x2044, STR_INIT("/")},  {0x2103, STR_INIT("°c")},
    {0x2212, STR_INIT("-")},   {0x2215, STR_INIT("/")},  {0x223C, STR_INIT("~")},
    {0x2500, STR_INIT("-")},   {0x2501, STR_INIT("-")},  {0x3000, STR_INIT(" ")},
    {0x3008, STR_INIT("(")},   {0x3009, STR_INIT(")")},  {0x300A, STR_INIT("(")},
    {0x300B, STR_INIT(")")},   {0x3010, STR_INIT("(")},  {0x3011, STR_INIT(")")},
    {0x3014, STR_INIT("(")},   {0x3015, STR_INIT(")")},  {0x3016, STR_INIT("(")},
    {0x3017, STR_INIT(")")},   {0x301C, STR_INIT("~")},  {0x3030, STR_INIT("~")},
    {0x338E, STR_INIT("mg")},  {0x338F, STR_INIT("kg")}, {0x339C, STR_INIT("mm")},
    {0x339D, STR_INIT("cm")},  {0x339E, STR_INIT("km")}, {0x33A1, STR_INIT("m2")},
    {0x33A2, STR_INIT("km2")}, {0x33A5, STR_INIT("m3")}, {0x4E9E, STR_INIT("亚")},
    {0x5167, STR_INIT("内")},  {0x5EE0, STR_INIT("厂")}, {0x6236, STR_INIT("户")},
    {0x6238, STR_INIT("户")},  {0x6578, STR_INIT("数")}, {0x7522, STR_INIT("产")},
    {0x7523, STR_INIT("产")},  {0x755D, STR_INIT("亩")}, {0x756B, STR_INIT("画")},
    {0x7E23, STR_INIT("县")},  {0x7E3D, STR_INIT("总")}, {0x8655, STR_INIT("处")},
    {0x865F, STR_INIT("号")},  {0x8FB2, STR_INIT("农")}, {0x9109, STR_INIT("乡")},
    {0x93AE, STR_INIT("镇")},  {0x9580, STR_INIT("门")}, {0x9593, STR_INIT("间")},
    {0x96FB, STR_INIT("电")},  {0xFE58, STR_INIT("-")},  {0xFE63, STR_INIT("-")},
    {0xFEFF, STR_INIT("")},    {0xFFE5, STR_INIT("¥")},
};

static const str *fold_of(uint32_t point)
{
    size_t low = 0;
    size_t high = COUNT_OF(FOLDS);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (FOLDS[middle].point == point) {
            return &FOLDS[middle].text;
        }
        if (FOLDS[middle].point < point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

void fold_put(struct buf *out, str text)
{
    size_t place = 0;
    uint32_t point = 0;
    char bytes[4];

    while (utf8_next(text, &place, &point)) {
        if (point >= FULL_FIRST && point <= FULL_LAST) {
            point -= FULL_TO_HALF;
        }
        if (point >= 'A' && point <= 'Z') {
            point += 'a' - 'A';
        }
        const str *folded = fold_of(point);
        buf_put(out, folded != NULL ? *folded : (str){bytes, utf8_write(bytes, point)});
    }
}
