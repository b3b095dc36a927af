/* Units of measure: a product of powers of what the units are called. */
#include "base/buf.h"
#include "base/utf8.h"
#include "calc/expr/expr_in.h"

enum { UNIT_POWER_MAX = 9, UNIT_TEXT_MAX = 256 };

static bool atom_place(struct compiler *c, str name, size_t *out)
{
    for (size_t i = 0; i < c->units.count; i++) {
        if (str_equal(c->units.atoms[i], name)) {
            *out = i;
            return true;
        }
    }
    if (c->units.count == EXPR_UNIT_ATOMS_MAX) {
        return false;
    }
    *out = c->units.count;
    c->units.atoms[c->units.count++] = name;
    return true;
}

/* Cut "²", "³" or "^n" off the end of `*atom`. */
static int cut_power(str *atom)
{
    static const struct {
        str mark;
        int power;
    } MARKS[] = {{STR_INIT("²"), 2}, {STR_INIT("³"), 3}, {STR_INIT("^2"), 2}, {STR_INIT("^3"), 3}};

    for (size_t i = 0; i < COUNT_OF(MARKS); i++) {
        if (str_ends(*atom, MARKS[i].mark)) {
            *atom = str_part(*atom, 0, atom->len - MARKS[i].mark.len);
            return MARKS[i].power;
        }
    }
    return 1;
}

static bool add_power(struct unit *unit, size_t place, int power)
{
    int sum = unit->power[place] + power;

    unit->power[place] = (signed char)sum;
    return sum >= -UNIT_POWER_MAX && sum <= UNIT_POWER_MAX;
}

static enum rc add_atom(struct compiler *c, str atom, int sign, size_t at, struct unit *unit)
{
    size_t place = 0;
    int power = cut_power(&atom) * sign;

    if (str_equal(atom, STR("1"))) {
        return RC_OK;
    }
    if (atom.len == 0) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_UNIT_EMPTY, expr_at(c, at));
    }
    if (!atom_place(c, atom, &place)) {
        return err_set(c->err, RC_LIMIT, MSG_EXPR_UNITS_MANY, expr_at(c, at),
                       arg_count(EXPR_UNIT_ATOMS_MAX));
    }
    if (!add_power(unit, place, power)) {
        return err_set(c->err, RC_LIMIT, MSG_EXPR_UNIT_POWER, expr_at(c, at),
                       arg_count(UNIT_POWER_MAX));
    }
    return RC_OK;
}

enum rc unit_read(struct compiler *c, str text, size_t at, struct unit *out)
{
    struct unit unit = {0};
    size_t begin = 0;
    int sign = 1;

    if (text.len > UNIT_TEXT_MAX) {
        return err_set(c->err, RC_LIMIT, MSG_EXPR_UNIT_LONG, expr_at(c, at),
                       arg_count(UNIT_TEXT_MAX));
    }
    for (size_t i = 0; i <= text.len && text.len > 0; i++) {
        if (i < text.len && text.at[i] != '/' && text.at[i] != '*') {
            continue;
        }
        str atom = str_trim(str_part(text, begin, i - begin));
        enum rc rc = add_atom(c, atom, sign, at, &unit);
        if (rc != RC_OK) {
            return rc;
        }
        sign = i < text.len && text.at[i] == '/' ? -1 : 1;
        begin = i + 1;
    }
    *out = unit;
    return RC_OK;
}

bool unit_times(struct unit a, struct unit b, int sign, struct unit *out)
{
    *out = a;
    for (size_t i = 0; i < EXPR_UNIT_ATOMS_MAX; i++) {
        if (!add_power(out, i, sign * b.power[i])) {
            return false;
        }
    }
    return true;
}

bool unit_equal(struct unit a, struct unit b)
{
    return memcmp(a.power, b.power, sizeof(a.power)) == 0;
}

bool unit_is_none(struct unit a)
{
    return unit_equal(a, (struct unit){0});
}

/* The atoms above the fraction line (`sign` 1) or below it (-1). */
static void put_atoms(struct buf *out, const struct compiler *c, struct unit unit, int sign)
{
    for (size_t i = 0; i < c->units.count; i++) {
        int power = unit.power[i] * sign;
        if (power <= 0) {
            continue;
        }
        if (sign < 0) {
            buf_char(out, '/');
        } else if (out->len > 0) {
            buf_char(out, '*');
        }
        buf_put(out, c->units.atoms[i]);
        if (power > 1) {
            buf_char(out, '^');
            buf_int(out, power);
        }
    }
}

str unit_text(const struct compiler *c, struct unit unit)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, c->arena, (size_t)EXPR_UNIT_ATOMS_MAX * (UNIT_TEXT_MAX + 4));
    put_atoms(&buf, c, unit, 1);
    if (buf.len == 0 && !unit_is_none(unit)) {
        buf_char(&buf, '1');
    }
    put_atoms(&buf, c, unit, -1);
    (void)buf_done(&buf, &text);
    return text;
}

static const struct expr_unit_rule *rule_of(const struct compiler *c, str atom)
{
    for (size_t i = 0; i < c->names->unit_rule_count; i++) {
        const struct expr_unit_rule *rule = &c->names->unit_rules[i];
        if (str_equal(rule->name, atom) && !str_equal(rule->base, atom)) {
            return rule;
        }
    }
    return NULL;
}

static double raised(double factor, int power)
{
    double product = 1.0;

    for (int i = 0; i < (power < 0 ? -power : power); i++) {
        product *= factor;
    }
    return product;
}

/* `unit` in base units, and what one of it is in them: the factors above and below the fraction
 * line, apart so that both stay whole numbers. One step only: a base has no base. */
static bool reduce(struct compiler *c, struct unit unit, struct unit *base, double factors[2])
{
    size_t count = c->units.count;

    *base = unit;
    factors[0] = factors[1] = 1.0;
    for (size_t i = 0; i < count; i++) {
        const struct expr_unit_rule *rule = rule_of(c, c->units.atoms[i]);
        size_t place = 0;
        if (unit.power[i] == 0 || rule == NULL) {
            continue;
        }
        if (!atom_place(c, rule->base, &place) || !add_power(base, place, unit.power[i])) {
            return false;
        }
        factors[unit.power[i] < 0] *= raised((double)rule->factor, unit.power[i]);
        base->power[i] = (signed char)(base->power[i] - unit.power[i]);
    }
    return true;
}

bool unit_factor(struct compiler *c, struct unit from, struct unit to, double out[2])
{
    struct unit from_base = {0};
    struct unit to_base = {0};
    double from_factors[2] = {0};
    double to_factors[2] = {0};

    if (!reduce(c, from, &from_base, from_factors) || !reduce(c, to, &to_base, to_factors) ||
        !unit_equal(from_base, to_base)) {
        return false;
    }
    out[0] = from_factors[0] * to_factors[1];
    out[1] = from_factors[1] * to_factors[0];
    return true;
}
