// Tells messages from everything else that may arrive at a border. A value that passes has every field of its type; extra
// fields are let through, so that a newer peer of the same version may say more.
import type {
  DeltaMessage,
  HealthMessage,
  HostMessage,
  PageMessage,
  PartHealth,
  RangeMessage,
  ReadyMessage,
  SnapshotMessage,
  SourceMessage,
} from './messages.ts';
import { PART_STATES, PROTOCOL_VERSION, SOURCE_STATES } from './messages.ts';
import type { PreviewPageMessage } from './preview.ts';
import { isRangeName } from './ranges.ts';
import type { Sections, ViewerPoint } from './sections.ts';
import { SEGMENT_NAMES } from './sections.ts';

type Guard<T> = (value: unknown) => value is T;
type Shape<T> = { [Key in keyof T]-?: Guard<T[Key]> };

const isText: Guard<string> = (value) => typeof value === 'string';
const isFlag: Guard<boolean> = (value) => typeof value === 'boolean';
const isNumber: Guard<number> = (value): value is number => Number.isFinite(value);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function oneOf<const T extends string | number>(...allowed: readonly T[]): Guard<T> {
  return (value): value is T => allowed.some((one) => one === value);
}

function nullOr<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}

function listOf<T>(guard: Guard<T>): Guard<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(guard);
}

function shaped<T>(shape: Shape<T>): Guard<T> {
  const fields = Object.entries<Guard<unknown>>(shape);
  return (value): value is T =>
    isObject(value) && fields.every(([name, guard]) => Object.hasOwn(value, name) && guard(value[name]));
}

/** Some of the fields of a shape. */
function partly<T>(shape: Shape<T>): Guard<Partial<T>> {
  const guards = new Map(Object.entries<Guard<unknown>>(shape));
  return (value): value is Partial<T> =>
    isObject(value) && Object.entries(value).every(([name, field]) => guards.get(name)?.(field) ?? true);
}

const isCity = shaped<NonNullable<Sections['cities']>['cities'][number]>({
  country: isText,
  region: isText,
  city: isText,
  lat: nullOr(isNumber),
  lon: nullOr(isNumber),
  viewers: isNumber,
  events: isNumber,
  starts: isNumber,
  completions: isNumber,
  bufferEvents: isNumber,
});

const isDevice = shaped<NonNullable<Sections['devices']>['devices'][number]>({
  deviceType: isText,
  users: isNumber,
  events: isNumber,
  watchSeconds: isNumber,
  endings: isNumber,
  completions: isNumber,
  bufferEvents: isNumber,
  averageBitrateKbps: nullOr(isNumber),
});

const isHotspot = shaped<NonNullable<Sections['hotspots']>['hotspots'][number]>({
  contentId: isText,
  title: isText,
  country: isText,
  deviceType: isText,
  resolution: isText,
  bufferEvents: isNumber,
  users: isNumber,
  averageBufferMs: nullOr(isNumber),
  maxBufferMs: nullOr(isNumber),
});

const isTrendingTitle = shaped<NonNullable<Sections['trending']>['titles'][number]>({
  contentId: isText,
  title: isText,
  rank: isNumber,
  previousRank: nullOr(isNumber),
  score: isNumber,
  viewers: isNumber,
  completionRate: isNumber,
});

const isWatchTime = shaped<NonNullable<Sections['watchTime']>['titles'][number]>({
  contentId: isText,
  title: isText,
  windowEndMs: isNumber,
  viewings: isNumber,
  averageSeconds: nullOr(isNumber),
  medianSeconds: nullOr(isNumber),
  minSeconds: nullOr(isNumber),
  maxSeconds: nullOr(isNumber),
});

const isSegments = shaped<NonNullable<Sections['engagement']>['segments']>(
  Object.fromEntries(SEGMENT_NAMES.map((name) => [name, isNumber])) as Shape<NonNullable<Sections['engagement']>['segments']>,
);

const sectionShape: Shape<Sections> = {
  coverage: shaped<Sections['coverage']>({ newestMs: nullOr(isNumber) }),
  now: nullOr(
    shaped<NonNullable<Sections['now']>>({
      windowEndMs: isNumber,
      windowSizeMs: isNumber,
      viewers: isNumber,
      titles: isNumber,
      events: isNumber,
      previousViewers: nullOr(isNumber),
    }),
  ),
  totals: nullOr(
    shaped<NonNullable<Sections['totals']>>({
      fromMs: isNumber,
      minutes: isNumber,
      watchSeconds: isNumber,
      starts: isNumber,
      endings: isNumber,
      completions: isNumber,
      events: isNumber,
      bufferEvents: isNumber,
    }),
  ),
  alerts: nullOr(
    shaped<NonNullable<Sections['alerts']>>({
      alerts: isNumber,
      bufferMs: isNumber,
      newest: nullOr(shaped<{ windowEndMs: number; alerts: number }>({ windowEndMs: isNumber, alerts: isNumber })),
    }),
  ),
  trending: nullOr(
    shaped<NonNullable<Sections['trending']>>({ windowEndMs: isNumber, hasPrevious: isFlag, titles: listOf(isTrendingTitle) }),
  ),
  cities: nullOr(shaped<NonNullable<Sections['cities']>>({ windowEndMs: isNumber, cities: listOf(isCity) })),
  devices: nullOr(shaped<NonNullable<Sections['devices']>>({ windowEndMs: isNumber, devices: listOf(isDevice) })),
  hotspots: nullOr(
    shaped<NonNullable<Sections['hotspots']>>({ minuteEndMs: isNumber, count: isNumber, hotspots: listOf(isHotspot) }),
  ),
  watchTime: nullOr(shaped<NonNullable<Sections['watchTime']>>({ newestMs: isNumber, titles: listOf(isWatchTime) })),
  engagement: nullOr(
    shaped<NonNullable<Sections['engagement']>>({
      newestMs: isNumber,
      users: isNumber,
      averageScore: isNumber,
      segments: isSegments,
    }),
  ),
};

const isPoint = shaped<ViewerPoint>({ endMs: isNumber, viewers: isNumber, peakViewers: isNumber, events: isNumber });
const isVersion = oneOf(PROTOCOL_VERSION);

const isSnapshot = shaped<SnapshotMessage>({
  version: isVersion,
  kind: oneOf('snapshot'),
  atMs: isNumber,
  range: isRangeName,
  outOfOrderMs: isNumber,
  sections: shaped<Sections>(sectionShape),
  points: listOf(isPoint),
});

const isDelta = shaped<DeltaMessage>({
  version: isVersion,
  kind: oneOf('delta'),
  atMs: isNumber,
  range: isRangeName,
  sections: partly<Sections>(sectionShape),
  points: listOf(isPoint),
  pointsFromMs: isNumber,
});

const isPart = shaped<PartHealth>({ name: isText, state: oneOf(...PART_STATES), detail: nullOr(isText) });

const isHealth = shaped<HealthMessage>({
  version: isVersion,
  kind: oneOf('health'),
  atMs: isNumber,
  health: shaped<HealthMessage['health']>({
    eventsInPerSecond: nullOr(isNumber),
    eventsOutPerSecond: nullOr(isNumber),
    lagEvents: nullOr(isNumber),
    watermarkDelayMs: nullOr(isNumber),
    deadLetters: nullOr(isNumber),
    parts: listOf(isPart),
  }),
});

const isSource = shaped<SourceMessage>({
  version: isVersion,
  kind: oneOf('source'),
  atMs: isNumber,
  state: oneOf(...SOURCE_STATES),
  sinceMs: isNumber,
  detail: nullOr(isText),
  unreadableDocuments: isNumber,
});

const isReady = shaped<ReadyMessage>({ version: isVersion, kind: oneOf('ready'), range: isRangeName });
const isRange = shaped<RangeMessage>({ version: isVersion, kind: oneOf('range'), range: isRangeName });

/** True for a complete message from host to page, of this version. Never throws. */
export function isHostMessage(value: unknown): value is HostMessage {
  return isSnapshot(value) || isDelta(value) || isHealth(value) || isSource(value);
}

/** True for a complete message from page to host, of this version. Never throws. */
export function isPageMessage(value: unknown): value is PageMessage {
  return isReady(value) || isRange(value);
}

/** The protocol version a value claims to speak, to tell a stranger from a peer of another age. */
export function protocolVersionOf(value: unknown): number | undefined {
  return isObject(value) && typeof value.version === 'number' ? value.version : undefined;
}

const isPreviewPage: { readonly [Kind in PreviewPageMessage['kind']]: Guard<unknown> } = {
  open: isObject,
  show: shaped({ run: isNumber, table: isText, from: isNumber, count: isNumber, point: nullOr(isNumber) }),
  follow: shaped({ run: isNumber, table: isText, row: isNumber, column: nullOr(isText) }),
  reveal: shaped({ start: isNumber, end: isNumber }),
  'choose-table': shaped({ table: isText }),
  'choose-sample': isObject,
  'run-all': isObject,
};

/** True for a complete message from a preview or diagram page to its host, of this version. Never throws. */
export function isPreviewPageMessage(value: unknown): value is PreviewPageMessage {
  if (!isObject(value) || !isVersion(value.version) || typeof value.kind !== 'string') return false;
  return Object.hasOwn(isPreviewPage, value.kind) && isPreviewPage[value.kind as PreviewPageMessage['kind']](value);
}
