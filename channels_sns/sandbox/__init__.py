"""The sandbox: a local server that speaks the networks' dialects over HTTP, with a page per network for citizens.

It is a Django project of its own (settings, database, pages) and imports nothing of the desk: it is an independent
reading of what the networks do, so a misunderstanding shows up as a failing test and not as agreement with itself.

    python -m channels_sns.sandbox --port 8401 --data var/sandbox     (or: manage.py sandbox)

Addresses
    /                                index of networks
    /<world>/<network>               API base URL of that network for that world (a world is one isolated playground)
    /<world>/<network>/              the citizens' page
    /control/<world>/…               the tests' hand (control.py lists it)

Rooms
    models.py     World, Person, Post, Upload, Fault, Call
    store.py      every write and the common queries: world_named, citizen, add_post, edit_post, delete_post, upload …
    calls.py      ApiCall, ApiError, endpoint(): one API request from the door to the answer (faults and log included)
    faults.py     the catalogue of faults and when they strike
    limits.py     rate windows
    push.py       deliveries to webhooks, to this machine only
    dialects/     one network each
    web/          the citizens' pages

Adding a dialect
    1. dialects/<network>.py: a subclass of `dialects.base.Dialect`. Give `kind`, `label`, the city's id/handle/name,
       `credentials(world)`, `endpoints()` (a list of `endpoint(self, "2/tweets", POST=create, publishes=True)`), and
       whatever differs from the base of `new_id`, `person_id`, `kind_of`, `complete`, `with_mention`,
       `mentions_by_itself`, `parent_for`, `id_at`, `fits`, `concerns_city`, `publishes`, `refusal`, `error`;
       `announce` where the network pushes, `places` where citizens write under something of the city's, `chat` where
       they talk to it alone, `photos` where there are none.
    2. A handler is `def handler(call: ApiCall, **path_arguments) -> HttpResponse`. `call` has world, now, base_url,
       query (QueryDict), json() and form(); answer with `call.reply(payload, status=…)`; refuse with
       `raise ApiError(status, payload)`. Mark the endpoint that creates posts with `publishes=True`: faults "on
       publish" (drop_after_store, delay_after_store, …) strike there. Faults need no work in the dialect, except
       `refusal()`, which gives the network's own words for unauthorized, rate_limited, duplicate_refusal, target_gone
       and not_summoned.
    3. Read posts through `store.feed(call.world, kind)` (deleted, replaced and not yet visible ones are gone), write
       them through `store.add_post(...)`. A post with `raw` is a poison item: serve `Verbatim(bytes(post.raw))` in its
       place inside the payload; `call.reply` writes it into the JSON untouched.
    4. One line in dialects/__init__.py. Pages, control API, faults, burst and media then work for it.
"""
