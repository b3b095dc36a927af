/* The ledger as a form: what is asked of the units, pre-filled with what is known. */
#ifndef OFFICE_COLLECT_FORM_H
#define OFFICE_COLLECT_FORM_H

#include "base/form.h"
#include "office/indicator/panel.h"

struct form_job {
    const struct panel *panel; /* of the level asked, loaded for the period */
    int root;                  /* units below this place, of the kinds that are asked */
    int source;                /* its columns are open, others shown; NONE: all are open */
};

/* Columns are the indicators of the panel's level that are collected, by dimension. */
enum rc form_make(const struct cx *cx, const struct form_job *job,
                  const struct form_sink *sink) MUST_CHECK;

#endif
