/** A small contact centre to look at while developing: no host needed. */

const SECOND = 1_000;
export const id = (prefix, n) => `${prefix}_01m3qk8z${String(n).padStart(18, "0")}`;
const digest = (seed) => seed.repeat(16).slice(0, 64);
export const version = (seed = "4f1c09ab") => ({
  name: "main",
  component: digest("c0ffee12"),
  artifact: digest(seed),
});
const usage = (fuel, took_us) => ({ fuel, took_us, memory_bytes: 1_245_184 });

const tenant = { id: id("tn", 1), name: "demo", display_name: "Demo Travel" };
const person = (n, user_name, display_name, role, language = "en") => ({
  id: id("us", n),
  user_name,
  display_name,
  role,
  language,
  tenant,
});

export const people = [
  person(1, "ana", "Ana Lima", "agent"),
  person(2, "bo", "Bo Chen 陈波", "agent", "zh-CN"),
  person(3, "chris", "Chris Okafor", "agent"),
  person(4, "sam", "Sam Meyer", "supervisor"),
  person(5, "ada", "Ada Admin", "admin"),
];

const setup = {
  policy: null,
  ring_timeout_ms: 20_000,
  wrap_up_ms: 30_000,
  progress_every_ms: 30_000,
  service_level_ms: 20_000,
  max_waiting: 100,
  music: null,
  skills: "",
  rules: {
    rings: [],
    hours: null,
    refuse_when: [],
    leave_when: [],
    max_wait_ms: null,
    on_full: "tell_flow",
    on_closed: "tell_flow",
    on_empty: "tell_flow",
    on_max_wait: "tell_flow",
    callback: null,
    redial_within_ms: 0,
    last_agent: null,
  },
};
export const queues = [
  {
    id: id("qu", 1),
    name: "support",
    ...setup,
    skills: "support >= 3 and (english >= 4 or chinese >= 4)",
    rules: {
      ...setup.rules,
      rings: [
        { after_ms: 20_000, skills: "support" },
        { after_ms: 60_000, skills: "" },
      ],
      hours: "office",
      refuse_when: ["invalid"],
      on_full: { queue: id("qu", 2) },
      on_closed: "voicemail",
      max_wait_ms: 600_000,
      on_max_wait: "callback",
      callback: { attempts: 2, retry_after_ms: 300_000, ring_timeout_ms: 30_000 },
      last_agent: { within_ms: 604_800_000, wait_ms: 20_000 },
    },
  },
  {
    id: id("qu", 2),
    name: "sales",
    ...setup,
    policy: "value",
    wrap_up_ms: null,
  },
];

export const users = people.map((each, index) => ({
  ...each,
  tenant: undefined,
  skills:
    each.role === "agent"
      ? [
          { name: "support", level: 3 + index * 2 },
          { name: "english", level: 8 - index },
        ]
      : [],
  queues:
    each.role === "agent"
      ? queues.map((queue, place) => ({
          queue: queue.id,
          level: place + 1,
          after_ms: place * 30_000,
        }))
      : [],
  capacity:
    index === 0
      ? [
          { medium: "voice", at_once: 1, interrupted_by: [] },
          { medium: "chat", at_once: 3, interrupted_by: ["voice"] },
        ]
      : [],
  has_desk_phone: index === 1,
}));

const office = [
  { from: "09:00", to: "12:30" },
  { from: "13:00", to: "18:00" },
];
export const calendars = [
  {
    name: "office",
    time_zone: "Europe/Berlin",
    weekly: [
      { days: ["mon", "tue", "wed", "thu"], hours: office },
      { days: ["fri"], hours: [{ from: "09:00", to: "16:00" }] },
    ],
    exceptions: [
      { date: "2026-12-24", name: "Christmas Eve", hours: [{ from: "09:00", to: "12:00" }] },
      { date: "2026-12-25", name: "Christmas Day", hours: [] },
      { date: "2027-02-17", name: "春节", hours: [] },
    ],
  },
];

/** Who meets an expression: here anyone but the last. */
export const qualifying = (expression) => ({
  expression,
  needs: [],
  agents: users
    .filter(({ role }) => role === "agent")
    .map((user, place, all) => ({
      id: user.id.replace("us_", "ag_"),
      name: user.display_name,
      unmet: expression && place === all.length - 1 ? "english >= 4" : null,
    })),
});

export const numbers = [
  { dialled: "100", flow: "main", click_to_call: true },
  { dialled: "200", flow: "callback", click_to_call: true },
  { dialled: "+4930901820", flow: "main", click_to_call: false },
];

export const tokens = [
  {
    id: id("se", 9),
    name: "reporting",
    scopes: ["supervisor"],
    created_at: Date.now() - 86_400_000,
    expires_at: null,
  },
];

const agent = (n, name, state, more = {}) => ({
  id: id("ag", n),
  name,
  device: "browser",
  browser_up: true,
  desk_phone_up: false,
  pause_next: null,
  offers: [],
  work: inHand(state),
  ...state,
  ...more,
});

/** Who a CRM says that the caller of the first contact is. */
export const customers = [
  {
    contact: id("ct", 1),
    connector: "crm",
    customers: [
      {
        id: "7",
        name: "Li Wei",
        phones: ["+86 138 0013 8000"],
        emails: [],
        company: "Acme",
        url: "https://crm.example.com/customers/7",
        fields: [
          ["Tier", "gold"],
          ["Open tickets", "2"],
        ],
      },
    ],
  },
];

const STAGES = { offered: "offered", talking: "handling", wrap_up: "wrap_up" };

/** The call that a state is about, as the list of contacts in hand. */
export function inHand({ state, contact, offer, segment, since, until = null }) {
  const stage = STAGES[state];
  return stage ? [{ contact, medium: "voice", stage, offer, segment, since, until }] : [];
}

/** A task, handled for a while. */
export const task = (n, since) => ({
  contact: id("ct", n),
  medium: "task",
  stage: "handling",
  segment: id("sg", n),
  since,
});

export function live(now = Date.now(), desk = null) {
  const contact = (n, caller, started, stage, more = {}) => ({
    id: id("ct", n),
    channel: "phone",
    caller,
    dialled: "100",
    language: "en",
    started_at: now - started * SECOND,
    attributes: [["topic", "booking"]],
    flow: "main",
    flow_version: version(),
    ...stage,
    ...more,
  });
  const waiting = (position, since, queue, offered_to = null) => ({
    stage: "waiting",
    queue: queue.id,
    queue_name: queue.name,
    position,
    since: now - since * SECOND,
    expected_wait_ms: 45_000,
    offered_to,
  });
  const talking = (n, since) => ({
    stage: "talking",
    agent: id("ag", n),
    segment: id("sg", n),
    since: now - since * SECOND,
  });
  const wave = Math.round(2 + 2 * Math.sin(now / 20_000));
  return {
    at: now,
    queues: [
      {
        id: queues[0].id,
        name: "support",
        waiting: 2 + wave,
        oldest_wait_ms: 74_000,
        expected_wait_ms: 45_000,
        agents_ready: 0,
        agents_busy: 2,
        agents_paused: 1,
        queued: 61,
        answered: 48 + Math.floor((now / 9_000) % 40),
        abandoned: 5,
        service_level: 0.81,
        hours: { state: "always" },
      },
      {
        id: queues[1].id,
        name: "sales",
        waiting: 0,
        oldest_wait_ms: 0,
        expected_wait_ms: null,
        agents_ready: 1,
        agents_busy: 1,
        agents_paused: 0,
        queued: 12,
        answered: 12,
        abandoned: 0,
        service_level: 1,
        hours: { state: "closed", until: now + 3_600_000 },
      },
    ],
    agents: [
      desk?.agent ?? agent(1, "Ana Lima", { state: "ready", since: now - 95_000 }),
      agent(
        2,
        "Bo Chen 陈波",
        { state: "talking", contact: id("ct", 3), segment: id("sg", 2), since: now - 212_000 },
        { device: "desk_phone", desk_phone_up: true, pause_next: "lunch" },
      ),
      agent(3, "Chris Okafor", { state: "paused", reason: "lunch", since: now - 1_640_000 }),
      agent(6, "Dana Petrova", {
        state: "wrap_up",
        contact: id("ct", 8),
        segment: id("sg", 6),
        since: now - 12_000,
        until: now + 18_000,
      }),
      agent(7, "Eli Núñez", {
        state: "offered",
        offer: id("of", 7),
        contact: id("ct", 1),
        since: now - 4_000,
      }),
      agent(8, "Farah Haddad", { state: "signed_out" }, { browser_up: false }),
    ],
    monitors: [
      { invariant: "liveness", checked: 61_240, violated: 0 },
      { invariant: "conservation", checked: 20_013, violated: 0 },
      { invariant: "double_booking", checked: 40_881, violated: 0 },
      { invariant: "ghost_offer", checked: 9_120, violated: 0 },
      { invariant: "starvation", checked: 9_120, violated: 0 },
    ],
    contacts: [
      contact(3, "+49 30 901820", 260, talking(2, 212)),
      contact(1, "+86 138 0013 8000", 92, waiting(1, 74, queues[0], id("ag", 7)), {
        language: "zh-CN",
      }),
      contact(2, "alice@example.org", 61, waiting(2, 40, queues[0])),
      contact(4, "web", 18, { stage: "in_flow" }, { channel: "web" }),
    ],
  };
}

export function whyWaiting(now = Date.now()) {
  const [ana, bo, chris, dana, farah] = [1, 2, 3, 6, 8].map((n) => id("ag", n));
  return {
    at: now,
    contact: id("ct", 2),
    visit: id("vi", 2),
    queue: queues[0].id,
    queue_name: "support",
    queue_open: true,
    since: now - 40_000,
    position: 2,
    expected_wait_ms: 45_000,
    ring: 2,
    next_ring_at: now + 20_000,
    preferred: null,
    preferred_until: null,
    offered_to: null,
    deciding: false,
    held_until: null,
    candidates: [],
    candidates_total: 0,
    excluded: [
      [bo, { state: "talking" }],
      [dana, { state: "wrap_up" }],
      [ana, { level: { queue: queues[1].id, contact: id("ct", 9) } }],
      [chris, { ring: { ring: 3, opens_at: now + 20_000 } }],
      [farah, "no_device"],
    ],
    excluded_totals: [
      { kind: "talking", agents: 1 },
      { kind: "wrap_up", agents: 1 },
      { kind: "level", agents: 1 },
      { kind: "ring", agents: 1 },
      { kind: "no_device", agents: 1 },
    ],
    said: {
      at: now - 12_000,
      decision: "keep_waiting",
      reasons: ["nobody with english at 4 or above is free"],
      version: { ...version(), name: "best-skill", artifact: null },
      usage: usage(71_200, 65),
    },
  };
}

export function offer(now = Date.now()) {
  return {
    offer: id("of", 1),
    contact: id("ct", 1),
    queue: queues[0].id,
    queue_name: "support",
    caller: "+86 138 0013 8000",
    attributes: [
      ["topic", "booking"],
      ["language", "zh-CN"],
      ["vip", "gold"],
    ],
    waited_ms: 74_000,
    channel: "phone",
    rings_until: now + 20_000,
  };
}

export function contactRows(now = Date.now()) {
  const row = (n, ago, more) => ({
    id: id("ct", n),
    channel: "phone",
    caller: "+49 30 901820",
    dialled: "100",
    flow: "main",
    started_at: now - ago * SECOND,
    answered_at: now - (ago - 1) * SECOND,
    ended_at: now - (ago - 240) * SECOND,
    end_reason: "caller_hung_up",
    blame: "caller",
    queue_names: ["support"],
    agent_names: ["Ana Lima"],
    waited_ms: 21_000,
    talked_ms: 184_000,
    disposition: "resolved",
    has_recording: true,
    ...more,
  });
  return [
    row(1, 92, {
      caller: "+86 138 0013 8000",
      ended_at: null,
      end_reason: null,
      blame: null,
      agent_names: [],
      talked_ms: 0,
      disposition: null,
      has_recording: false,
    }),
    row(10, 600, {}),
    row(11, 1_300, {
      channel: "web",
      caller: "web",
      end_reason: "agent_hung_up",
      blame: "agent",
      disposition: "follow_up",
    }),
    row(12, 2_200, {
      agent_names: [],
      talked_ms: 0,
      end_reason: "caller_hung_up",
      disposition: null,
      has_recording: false,
      waited_ms: 96_000,
    }),
    row(13, 5_400, { end_reason: "host_restart", blame: "us", disposition: null }),
    row(14, 90_000, {
      caller: "alice@example.org",
      queue_names: ["support", "sales"],
      agent_names: ["Ana Lima", "Bo Chen 陈波"],
      disposition: "sale",
    }),
    row(15, 99_000, { end_reason: "media_lost", blame: "carrier" }),
  ];
}

export function contact(row) {
  return {
    ...row,
    attributes: [
      ["topic", "booking"],
      ["language", "zh-CN"],
    ],
    flow_versions: ["main@4f1c09ab"],
    media: row.ended_at
      ? [
          {
            leg: id("lg", 21),
            statistics: {
              packets_received: 12_011,
              packets_sent: 12_030,
              packets_lost: 3,
              jitter_ms: 2.31,
              largest_gap_ms: 41,
            },
          },
          {
            leg: id("lg", 22),
            statistics: {
              packets_received: 9_210,
              packets_sent: 9_208,
              packets_lost: 0,
              jitter_ms: 0.42,
              largest_gap_ms: 22,
            },
          },
        ]
      : [],
    recordings: row.has_recording
      ? [{ id: id("rc", 1), started_at: row.started_at, length_ms: 8_000, bytes: 256_044 }]
      : [],
    live: null,
  };
}

export function timeline(row) {
  const [ana, bo, chris] = [1, 2, 3].map((n) => id("ag", n));
  const visit = id("vi", 1);
  const step = (step, event, trace, actions, fuel) => [
    "flow_stepped",
    { step, event, trace, actions, version: version(), usage: usage(fuel, 61) },
  ];
  const facts = [
    [
      0,
      "contact_started",
      {
        channel: row.channel,
        caller: row.caller,
        dialled: row.dialled,
        leg: id("lg", 21),
        flow: "main",
      },
    ],
    [20, ...step(0, "started", ["welcome", "menu"], ["answer", "collect"], 41_230)],
    [30, "contact_answered"],
    [6_200, "keys_collected", { keys: "9", length: 1, outcome: "complete" }],
    [6_260, ...step(1, "input", ["menu"], ["collect"], 22_118)],
    [11_000, "keys_collected", { keys: "1", length: 1, outcome: "complete" }],
    [
      11_020,
      ...step(2, "input", ["menu", "card", "support"], ["set attributes", "collect"], 30_501),
    ],
    [
      15_300,
      "attributes_set",
      {
        attributes: [
          ["topic", "booking"],
          ["language", "zh-CN"],
        ],
      },
    ],
    [19_900, "keys_collected", { keys: null, length: 16, outcome: "complete" }],
    [19_950, ...step(3, "input", ["support"], ["enqueue"], 18_000)],
    [20_000, "queue_entered", { visit, queue: queues[0].id, queue_name: "support", priority: 0 }],
    [
      20_020,
      "queue_ranked",
      {
        visit,
        base: 0,
        slope: 0.001,
        reasons: ["waits in order of arrival"],
        version: { ...version(), name: "best-skill", artifact: null },
        usage: usage(9_400, 22),
      },
    ],
    [
      20_060,
      "routing_decided",
      {
        visit,
        chosen: null,
        ring: 1,
        chosen_ring: null,
        chosen_level: null,
        candidates: [],
        candidates_total: 0,
        held_until: null,
        excluded: [
          [bo, { state: "talking" }],
          [chris, { skill: "support" }],
          [ana, "no_device"],
        ],
        reasons: ["nobody is free"],
        scores: [],
        version: null,
        usage: usage(0, 0),
      },
    ],
    [
      33_000,
      "plugin_faulted",
      {
        plugin: "value",
        fault: {
          kind: "out_of_fuel",
          message: "stopped after 10,000,000 instructions in `decide`",
        },
        version: { ...version("9a2b77de"), name: "value" },
        usage: usage(10_000_000, 8_310),
      },
    ],
    [
      40_900,
      "routing_decided",
      {
        visit,
        chosen: ana,
        ring: 2,
        chosen_ring: 1,
        chosen_level: 1,
        candidates: [ana, bo],
        candidates_total: 2,
        held_until: null,
        excluded: [[chris, { skill: "support" }]],
        reasons: ["best support level among the idle", "ana has waited 95 s"],
        scores: [
          {
            agent: ana,
            total: 0.82,
            parts: [
              ["skill", 0.6],
              ["idle", 0.22],
            ],
          },
          {
            agent: bo,
            total: 0.7,
            parts: [
              ["skill", 0.68],
              ["idle", 0.02],
            ],
          },
        ],
        version: { ...version(), name: "best-skill", artifact: null },
        usage: usage(88_210, 74),
      },
    ],
    [
      40_920,
      "offer_made",
      { offer: id("of", 1), visit, queue: queues[0].id, ring_timeout_ms: 20_000 },
      ana,
    ],
    [44_100, "offer_ended", { offer: id("of", 1), how: "accepted", rang_ms: 3_180 }, ana],
    [44_110, "queue_left", { visit, queue: queues[0].id, waited_ms: 24_110, how: "answered" }],
    [
      44_120,
      "agent_connected",
      { segment: id("sg", 1), queue: queues[0].id, leg: id("lg", 22) },
      ana,
    ],
    [44_130, "recording_started", { recording: id("rc", 1) }],
    [228_000, "contact_ended", { reason: row.end_reason ?? "caller_hung_up" }],
    [228_000, "segment_ended", { segment: id("sg", 1), talked_ms: 183_880 }, ana],
    [
      228_050,
      "leg_measured",
      {
        leg: id("lg", 21),
        statistics: {
          packets_received: 12_011,
          packets_sent: 12_030,
          packets_lost: 3,
          jitter_ms: 2.31,
          largest_gap_ms: 41,
        },
      },
    ],
    [
      228_300,
      "recording_finished",
      { recording: id("rc", 1), length_ms: 183_900, bytes: 5_884_800 },
    ],
    [
      241_000,
      "wrap_up_ended",
      {
        segment: id("sg", 1),
        wrapped_ms: 13_000,
        disposition: "resolved",
        note: "Moved the booking to Friday.\n客户已确认。",
      },
      ana,
    ],
  ];
  return facts.map(([after, kind, body, agent = null], index) => ({
    tenant: tenant.id,
    epoch: 1,
    sequence: index + 1,
    at: row.started_at + after,
    contact: row.id,
    agent,
    kind,
    ...(body === undefined ? {} : { body }),
  }));
}

export function decisions() {
  const rows = timeline(contactRows()[1]).filter(({ kind }) => kind === "routing_decided");
  return [...rows, ...rows, ...rows]
    .map((fact, place) => ({ fact: { ...fact, sequence: 100 - place }, queue_name: "support" }))
    .reverse();
}

/** A day with a busy noon, played by two policies of which the second is a little better. */
export function whatIf(now = Date.now()) {
  const steps = [0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300];
  const policy = (name, scale, error) => {
    const estimate = (mean) => ({ mean, standard_error: error && mean * error });
    const figures = (more) => ({
      offered: estimate(2_412 * more),
      service_level: estimate(1 - 0.22 * scale),
      abandoned_share: estimate(0.051 * scale),
      mean_wait_s: estimate(31.4 * scale),
      wait_p90_s: estimate(92 * scale),
      total_wait_s: estimate(34 * scale),
      transferred_share: estimate(0.08 * scale),
      aht_s: estimate(214),
      occupancy: estimate(0.83),
    });
    const waits = steps.map((step) => ({
      longer_than_s: step,
      share: 0.6 * Math.exp(-step / (45 * scale)),
    }));
    return {
      name,
      groups: [
        { group: "all", figures: figures(1) },
        { group: "urgent", figures: figures(0.1) },
        { group: { queue: "support" }, figures: figures(0.7) },
      ],
      course: Array.from({ length: 20 }, (_, place) => ({
        minute: 480 + place * 30,
        offered: 80,
        mean_wait_s: scale * (10 + 60 * Math.exp(-((place - 8) ** 2) / 12)),
        service_level: 0.8,
      })),
      waits,
      urgent_waits: waits,
      faults: { mean: 0, standard_error: 0 },
      violations: 0,
    };
  };
  const difference = (figure, mean, width) => ({
    policy: "shipped",
    from: "built-in",
    group: "all",
    figure,
    mean,
    low: mean - width,
    high: mean + width,
  });
  return {
    id: id("wi", 1),
    wish: {
      from: now - 172_800_000,
      to: now - 86_400_000,
      policies: ["built_in", "shipped"],
      replications: 5,
    },
    started_at: now - 20_000,
    state: "done",
    done: 10,
    of: 10,
    problem: null,
    result: {
      recorded: policy("recorded", 1.05, null),
      simulated: {
        title: "What was recorded, again",
        seed: 1,
        replications: 5,
        policies: [policy("built-in", 1, 0.02), policy("shipped", 0.78, 0.02)],
        differences: [
          difference("service_level", 0.048, 0.012),
          difference("abandoned_share", -0.011, 0.004),
          difference("mean_wait_s", -6.9, 1.6),
          difference("wait_p90_s", -20, 24),
          difference("occupancy", 0.001, 0.004),
        ],
      },
    },
  };
}

export function plugins(now = Date.now()) {
  const node = (id, kind, title, ...next) => ({ id, kind, title, next });
  const picture = [
    node("welcome", "say", "Welcome to Demo Travel", ["", "menu"]),
    node(
      "menu",
      "menu",
      "For support press 1, for sales 2, for our opening hours 3",
      ["1", "support"],
      ["2", "sales"],
      ["3", "hours"],
      ["0", "operator"],
      ["no key", "operator"],
      ["third failure", "goodbye"],
    ),
    node("hours", "say", "We are open from eight to eight", ["", "menu"]),
    node("support", "queue", "support", ["full", "busy"]),
    node("sales", "queue", "sales", ["full", "busy"]),
    node("operator", "queue", "support", ["full", "busy"]),
    node("busy", "say", "All lines are busy", ["", "goodbye"]),
    node("goodbye", "hang_up", "Goodbye"),
  ];
  return [
    {
      name: "main",
      kind: "flow",
      path: "demo/main.flow.yaml",
      live: version(),
      label: "main@4f1c09ab",
      since: now - 3_700_000,
      versions: [
        { label: "main@4f1c09ab", contacts: 7 },
        { label: "main@11d0e2f3", contacts: 2 },
      ],
      problem: [
        {
          code: "script.unknown-node",
          severity: "error",
          path: "demo/main.flow.yaml",
          line: 27,
          column: 9,
          length: 8,
          message: "`suport` is not a node of this flow",
          hint: "did you mean `support`? The nodes are welcome, menu, hours, support, sales, operator, busy, goodbye",
        },
      ],
      warnings: [],
      picture,
    },
    {
      name: "callback",
      kind: "flow",
      path: "demo/callback.flow.wasm",
      live: { ...version("77aa01be"), name: "callback", artifact: null },
      label: "callback@c0ffee12",
      since: now - 90_000,
      versions: [],
      problem: null,
      warnings: [],
      picture: [],
    },
    {
      name: "value",
      kind: "policy",
      path: "demo/value.policy.wasm",
      live: null,
      label: null,
      since: null,
      versions: [],
      problem: [
        {
          code: "admission.import",
          severity: "error",
          path: "demo/value.policy.wasm",
          line: null,
          column: null,
          length: null,
          message: "imports `wasi:sockets/tcp`, which no plugin may",
          hint: "build for wasm32-unknown-unknown with the SDK",
        },
      ],
      warnings: [],
      picture: [],
    },
  ];
}

/** Eight seconds of stereo, 8 kHz: a voice-like hum on the left, later one on the right. */
export function recording() {
  const rate = 8_000;
  const frames = rate * 8;
  const wav = Buffer.alloc(44 + frames * 4);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + frames * 4, 4);
  wav.write("WAVEfmt ", 8);
  for (const [at, value, bytes] of [
    [16, 16, 4],
    [20, 1, 2],
    [22, 2, 2],
    [24, rate, 4],
    [28, rate * 4, 4],
    [32, 4, 2],
    [34, 16, 2],
  ]) {
    wav.writeUIntLE(value, at, bytes);
  }
  wav.write("data", 36);
  wav.writeUInt32LE(frames * 4, 40);
  for (let frame = 0; frame < frames; frame += 1) {
    const t = frame / rate;
    const speaks = (from, to) => (t > from && t < to ? Math.abs(Math.sin(t * 9)) : 0.01);
    const sound = Math.sin(2 * Math.PI * 220 * t) * 9_000;
    wav.writeInt16LE(
      Math.round(sound * Math.max(speaks(0.4, 2.6), speaks(5, 6.4))),
      44 + frame * 4,
    );
    wav.writeInt16LE(
      Math.round(sound * Math.max(speaks(2.8, 4.8), speaks(6.5, 7.8))),
      46 + frame * 4,
    );
  }
  return wav;
}
