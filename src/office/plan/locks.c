/* What is locked: choices made beforehand. Options against a lock stay in the problem, forbidden,
 * so that what the lock costs can be told. */
#include "office/plan/plan_in.h"

/* Does the choice do what the lock says, as far as its measure is decided in this group? */
static bool keeps_lock(const struct plan_lock *lock, const struct plan_choice *choice)
{
    int level = 0;

    for (int w = 0; w < choice->count; w++) {
        const struct plan_work *work = &choice->works[w];
        level = work->measure == lock->measure && work->level > level ? work->level : level;
    }
    return lock->is_in ? level > 0 && (lock->level == 0 || lock->level == level) : level == 0;
}

static bool decides(const struct plan_group *group, int measure)
{
    for (int i = 0; i < group->count; i++) {
        if (group->measures[i] == measure) {
            return true;
        }
    }
    return false;
}

bool plan_is_barred(const struct plan_case *plan, int group, int place,
                    const struct plan_choice *choice, int but)
{
    int unit = plan->tiers->panel.places[plan->tiers->rows[place]];

    for (int i = 0; i < plan->limits->lock_count; i++) {
        const struct plan_lock *lock = &plan->limits->locks[i];
        if (i != but && lock->place == unit && decides(&plan->groups[group], lock->measure) &&
            !keeps_lock(lock, choice)) {
            return true;
        }
    }
    return false;
}

bool plan_has_lock(const struct plan_case *plan, int place)
{
    int unit = plan->tiers->panel.places[plan->tiers->rows[place]];

    for (int i = 0; i < plan->limits->lock_count; i++) {
        if (plan->limits->locks[i].place == unit) {
            return true;
        }
    }
    return false;
}
