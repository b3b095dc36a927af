/* The checks of all rooms, gathered. */
#include "office/replay/replay.h"

#include "office/account/person.h"
#include "office/approval/approval.h"
#include "office/collect/wishes.h"
#include "office/file/batch.h"
#include "office/indicator/value.h"
#include "office/lineage/lineage.h"
#include "office/notice/notice.h"
#include "office/plan/plan.h"
#include "office/programme/record.h"
#include "office/register/register.h"
#include "office/tier/run.h"

static const struct replay_table *const ROOMS[] = {
    AUDIT_TABLES,   PROGRAMME_TABLES, FILE_TABLES, REGISTER_TABLES, LINEAGE_TABLES, VALUE_TABLES,
    ACCOUNT_TABLES, PROPOSAL_TABLES,  WISH_TABLES, TIER_TABLES,     NOTICE_TABLES,  PLAN_TABLES,
};

const struct replay_table *replay_table_at(int place)
{
    for (size_t room = 0; room < COUNT_OF(ROOMS); room++) {
        for (int i = 0; ROOMS[room][i].table.len > 0; i++) {
            if (place-- == 0) {
                return &ROOMS[room][i];
            }
        }
    }
    return NULL;
}
