"""What do the reviewed files say, and how do they differ from what is running? This is the light part of the face.

    load       files -> checked objects: `load_files`, `Loaded`. Imported by itself: it takes 0.1 s to import
    format     the file format, and its JSON Schema: `json_schema`
    parts      one object's fields -> its canonical text: `canonical_text`
    build      objects -> `Rules`
    objects    what an object is: canonical JSON text by kind and id
    rosters    an edited roster -> its objects; which version of a layer ran until when
    orders     orders that wait for a Confirm, as JSON
    planning   running objects against the files' objects
    export     objects -> a file that loads without a change: `export_yaml`. By itself, too: it needs YAML

Beneath them: `source` (YAML with line numbers), `spelling`, `times` and `addresses` (how a scalar is written),
`fields` (their types), `references` (does the set fit together), `settle` (defaults that need the whole
set), `public_holidays`. Nothing here writes to a database.
"""

from oncallbot.schedule_files.build import build_rules, check_format, check_objects
from oncallbot.schedule_files.objects import IN_FILES, Key, Kind, absence_object, in_reading_order, override_object
from oncallbot.schedule_files.orders import Order, PutObject, order_from, order_json, windows_from
from oncallbot.schedule_files.planning import Entry, Origin, Plan, PlanKind, StoredObject, plan
from oncallbot.schedule_files.rosters import roster_objects, versions_after

__all__ = [
    "IN_FILES",
    "Entry",
    "Key",
    "Kind",
    "Order",
    "Origin",
    "Plan",
    "PlanKind",
    "PutObject",
    "StoredObject",
    "absence_object",
    "build_rules",
    "check_format",
    "check_objects",
    "in_reading_order",
    "order_from",
    "order_json",
    "override_object",
    "plan",
    "roster_objects",
    "versions_after",
    "windows_from",
]
