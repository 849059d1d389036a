/**
 * The seven queries as SQL for DuckDB, each with exactly the final rows of the ASAQL query: sliding windows say something
 * when a row enters or leaves, and are thinned to the newest result of an interval. Knows no engine.
 *
 * A window is (end - size, end]. Instants are µs since 1970 until a row is final.
 */

export interface DuckdbQuery {
  /** As the query file is called. */
  readonly name: string;
  /** Columns of the events that it reads. */
  readonly columns: readonly PlaybackColumn[];
  /** Reads the events more than once: they are loaded into a table first, as a person would. */
  readonly readsTwice: boolean;
  readonly outputs: readonly { readonly name: string; readonly sql: string }[];
}

/** Columns of `playback` by name: what they are made of. */
export const playbackColumns = {
  us: 'epoch_us("timestamp")',
  user_id: 'user_id',
  session_id: 'session_id',
  content_id: 'content_id',
  content_title: 'content_title',
  event_type: 'event_type',
  device_type: "coalesce(device_type, 'unknown')",
  country: "coalesce(location.country, 'unknown')",
  region: "coalesce(location.region, 'unknown')",
  city: "coalesce(location.city, 'unknown')",
  lat: 'location.lat',
  lon: 'location.lon',
  resolution: "coalesce(quality_settings.resolution, 'unknown')",
  bitrate_kbps: 'quality_settings.bitrate_kbps',
  duration_seconds: 'duration_seconds',
  buffer_duration_ms: 'buffer_duration_ms',
} as const;
export type PlaybackColumn = keyof typeof playbackColumns;

const fileColumns = `{
  event_id: 'VARCHAR', event_type: 'VARCHAR', user_id: 'VARCHAR', session_id: 'VARCHAR', content_id: 'VARCHAR',
  content_title: 'VARCHAR', "timestamp": 'TIMESTAMP', device_type: 'VARCHAR', duration_seconds: 'DOUBLE',
  buffer_duration_ms: 'DOUBLE',
  location: 'STRUCT(country VARCHAR, region VARCHAR, city VARCHAR, lat DOUBLE, lon DOUBLE)',
  quality_settings: 'STRUCT(resolution VARCHAR, bitrate_kbps DOUBLE)'
}`;

/** The events as a relation of these columns, with the conditions that every query makes. */
export function playback(path: string, columns: readonly PlaybackColumn[]): string {
  return `SELECT ${columns.map((column) => `${playbackColumns[column]} AS ${column}`).join(', ')}
    FROM read_json('${path.replaceAll("'", "''")}', format = 'newline_delimited', columns = ${fileColumns})
    WHERE event_id IS NOT NULL AND user_id IS NOT NULL AND session_id IS NOT NULL AND content_id IS NOT NULL
      AND event_type IN ('video_start', 'video_pause', 'video_stop', 'video_complete', 'buffer_event')`;
}

const secondUs = 1_000_000;
/** The end of the interval (end - size, end] in which an instant lies. */
const endOf = (us: string, seconds: number) =>
  `((${us} + ${seconds * secondUs - 1}) // ${seconds * secondUs}) * ${seconds * secondUs}`;
const timeText = (us: string) => `strftime(make_timestamp(${us}), '%Y-%m-%dT%H:%M:%S.%f') || '0Z'`;
const windowTimes = (seconds: number) =>
  `make_timestamp(window_end - ${seconds * secondUs}) AS window_start, make_timestamp(window_end) AS window_end`;
const countOf = (condition: string) => `count(*) FILTER (${condition})`;

const viewerCount = `
  SELECT 'viewer_count' AS aggregation_type, concat('viewer_count|', content_id, '|', ${timeText('window_end')}) AS id,
    content_id, content_title, ${windowTimes(10)}, viewers, events
  FROM (
    SELECT content_id, ${endOf('us', 10)} AS window_end, max(content_title) AS content_title,
      count(DISTINCT user_id) AS viewers, count(*) AS events
    FROM playback GROUP BY ALL)`;

const geoDistribution = `
  SELECT 'geo_distribution' AS aggregation_type,
    concat('geo|', country, '|', region, '|', city, '|', ${timeText('window_end')}) AS id,
    country, region, city, lat, lon, ${windowTimes(30)}, viewers, events, starts, completions, buffer_events
  FROM (
    SELECT country, region, city, ${endOf('us', 30)} AS window_end, max(lat) AS lat, max(lon) AS lon,
      count(DISTINCT user_id) AS viewers, count(*) AS events,
      ${countOf("event_type = 'video_start'")} AS starts,
      ${countOf("event_type = 'video_complete'")} AS completions,
      ${countOf("event_type = 'buffer_event'")} AS buffer_events
    FROM playback GROUP BY ALL)`;

const deviceDistribution = `
  SELECT 'device_distribution' AS aggregation_type, concat('device|', device_type, '|', ${timeText('window_end')}) AS id,
    device_type, ${windowTimes(60)}, users, events, watch_seconds, starts, endings, completions, buffer_events,
    avg_bitrate_kbps
  FROM (
    SELECT device_type, ${endOf('us', 60)} AS window_end, count(DISTINCT user_id) AS users, count(*) AS events,
      sum(CASE WHEN event_type IN ('video_stop', 'video_complete') THEN duration_seconds ELSE 0 END) AS watch_seconds,
      ${countOf("event_type = 'video_start'")} AS starts,
      ${countOf("event_type IN ('video_stop', 'video_complete')")} AS endings,
      ${countOf("event_type = 'video_complete'")} AS completions,
      ${countOf("event_type = 'buffer_event'")} AS buffer_events,
      avg(bitrate_kbps) AS avg_bitrate_kbps
    FROM playback GROUP BY ALL)`;

const bufferMetrics = `
  SELECT 'buffer_metrics' AS aggregation_type,
    concat('buffer|', content_id, '|', country, '|', device_type, '|', resolution, '|', ${timeText('window_end')}) AS id,
    content_id, content_title, country, device_type, resolution, ${windowTimes(60)},
    buffer_events, users, total_buffer_ms, avg_buffer_ms, max_buffer_ms
  FROM (
    SELECT content_id, country, device_type, resolution, ${endOf('us', 60)} AS window_end,
      max(content_title) AS content_title, count(*) AS buffer_events, count(DISTINCT user_id) AS users,
      sum(buffer_duration_ms) AS total_buffer_ms, avg(buffer_duration_ms) AS avg_buffer_ms,
      max(buffer_duration_ms) AS max_buffer_ms
    FROM playback WHERE event_type = 'buffer_event' GROUP BY ALL HAVING count(*) >= 3)`;

const qualityAlerts = `
  SELECT 'quality_alert' AS aggregation_type, concat('alert|', session_id, '|', ${timeText('window_end')}) AS id,
    session_id, user_id, content_id, ${windowTimes(120)}, buffer_events, total_buffer_ms
  FROM (
    SELECT session_id, user_id, content_id, ${endOf('us', 120)} AS window_end, count(*) AS buffer_events,
      sum(buffer_duration_ms) AS total_buffer_ms
    FROM playback WHERE event_type = 'buffer_event' GROUP BY ALL HAVING sum(buffer_duration_ms) > 5000)`;

/** Every event is in the five windows that end at the next full minutes: one row for each minute, then five minutes of it. */
const trending = `
  SELECT 'trending' AS aggregation_type, concat('trending|', content_id, '|', ${timeText('window_end')}) AS id,
    content_id, content_title, ${windowTimes(300)}, viewers, events, starts, completions,
    round(completion_rate, 4) AS completion_rate, round(viewers * (1 + completion_rate), 2) AS trending_score
  FROM (
    SELECT *, CASE WHEN endings > 0 THEN completions::DOUBLE / endings ELSE 0 END AS completion_rate
    FROM (
      SELECT content_id, minute_end + hop * ${60 * secondUs} AS window_end, max(content_title) AS content_title,
        count(DISTINCT user_id) AS viewers, sum(events)::BIGINT AS events, sum(starts)::BIGINT AS starts,
        sum(completions)::BIGINT AS completions, sum(endings)::BIGINT AS endings
      FROM (
        SELECT content_id, user_id, ${endOf('us', 60)} AS minute_end, max(content_title) AS content_title,
          count(*) AS events,
          ${countOf("event_type = 'video_start'")} AS starts,
          ${countOf("event_type = 'video_complete'")} AS completions,
          ${countOf("event_type IN ('video_stop', 'video_complete')")} AS endings
        FROM playback GROUP BY ALL), range(5) AS hops(hop)
      GROUP BY ALL))`;

/**
 * The instants of a sliding window at which a group says its newest row of an interval: of the instants at which a row
 * enters or leaves, those after which the window is not empty; the last one in each interval.
 */
const newestInstants = (events: string, key: string, sizeSeconds: number, thinSeconds: number) => `
  SELECT ${key}, max(us) AS us
  FROM (
    SELECT ${key}, us, sum(sum(change)) OVER (PARTITION BY ${key} ORDER BY us) AS inside
    FROM (
      SELECT ${key}, us, 1 AS change FROM ${events}
      UNION ALL
      SELECT ${key}, us + ${sizeSeconds * secondUs}, -1 FROM ${events})
    GROUP BY ${key}, us)
  WHERE inside > 0
  GROUP BY ${key}, ${endOf('us', thinSeconds)}`;

/** A join, and not frames as below: it is twice as fast, since a median over a frame is not. */
const watchTime = `
  WITH viewings AS (
    SELECT content_id, us, content_title, duration_seconds FROM playback
    WHERE event_type IN ('video_stop', 'video_complete') AND duration_seconds > 0),
  instants AS (${newestInstants('viewings', 'content_id', 300, 5)}),
  -- Each viewing under the two stretches of five minutes from which a window can reach it.
  reachable AS (
    SELECT *, us // ${300 * secondUs} AS stretch FROM viewings
    UNION ALL
    SELECT *, us // ${300 * secondUs} + 1 FROM viewings)
  SELECT 'watch_time' AS aggregation_type, 'watch_time|' || content_id AS id, content_id, content_title,
    make_timestamp(us) AS window_end, viewings, round(avg_watch_seconds, 3) AS avg_watch_seconds,
    min_watch_seconds, max_watch_seconds, median_watch_seconds
  FROM (
    SELECT instants.content_id, instants.us, max(content_title) AS content_title, count(*) AS viewings,
      avg(duration_seconds) AS avg_watch_seconds, min(duration_seconds) AS min_watch_seconds,
      max(duration_seconds) AS max_watch_seconds, quantile_cont(duration_seconds, 0.5) AS median_watch_seconds
    FROM instants
    JOIN reachable ON reachable.content_id = instants.content_id AND stretch = instants.us // ${300 * secondUs}
    WHERE reachable.us > instants.us - ${300 * secondUs} AND reachable.us <= instants.us
    GROUP BY ALL)`;

/** Rows and instants in one line of time: the frame of an instant holds the rows of its window. */
const engagement = `
  WITH instants AS (${newestInstants('playback', 'user_id', 600, 60)}),
  counted AS (
    SELECT user_id, us, is_instant, count(event_type) OVER ten_minutes AS events,
      count(event_type) FILTER (event_type = 'video_start') OVER ten_minutes AS starts,
      count(event_type) FILTER (event_type = 'video_pause') OVER ten_minutes AS pauses,
      count(event_type) FILTER (event_type = 'video_stop') OVER ten_minutes AS stops,
      count(event_type) FILTER (event_type = 'video_complete') OVER ten_minutes AS completions,
      count(event_type) FILTER (event_type = 'buffer_event') OVER ten_minutes AS buffer_events,
      sum(CASE WHEN event_type IN ('video_stop', 'video_complete') THEN duration_seconds ELSE 0 END) OVER ten_minutes
        AS watch_seconds,
      count(DISTINCT content_id) OVER ten_minutes AS titles
    FROM (
      SELECT user_id, us, event_type, duration_seconds, content_id, false AS is_instant FROM playback
      UNION ALL
      SELECT user_id, us, NULL, NULL, NULL, true FROM instants)
    WINDOW ten_minutes AS (
      PARTITION BY user_id ORDER BY us RANGE BETWEEN ${600 * secondUs - 1} PRECEDING AND CURRENT ROW)),
  scored AS (
    SELECT *, starts * 2.0 + pauses * 0.5 + completions * 5.0 + stops * 1.0 - buffer_events * 1.5
      + CASE WHEN watch_seconds >= 3600 THEN 5.0 WHEN watch_seconds >= 1200 THEN 2.0 ELSE 0.0 END
      + CASE WHEN titles >= 5 THEN 5.0 WHEN titles >= 3 THEN 2.0 ELSE 0.0 END AS score
    FROM counted WHERE is_instant)
  SELECT 'engagement' AS aggregation_type, 'engagement|' || user_id AS id, user_id, make_timestamp(us) AS window_end,
    events, starts, pauses, stops, completions, buffer_events, watch_seconds, titles, score::DOUBLE AS engagement_score,
    CASE WHEN score >= 30 THEN 'power_viewer' WHEN score >= 15 THEN 'active_viewer'
      WHEN score >= 5 THEN 'casual_viewer' ELSE 'low_engagement' END AS segment
  FROM scored`;

export const duckdbQueries: readonly DuckdbQuery[] = [
  {
    name: 'realtime_viewer_count',
    columns: ['us', 'user_id', 'content_id', 'content_title'],
    readsTwice: false,
    outputs: [{ name: 'cosmos-viewer-count', sql: viewerCount }],
  },
  {
    name: 'geo_distribution',
    columns: ['us', 'user_id', 'event_type', 'country', 'region', 'city', 'lat', 'lon'],
    readsTwice: false,
    outputs: [{ name: 'cosmos-geo-distribution', sql: geoDistribution }],
  },
  {
    name: 'device_distribution',
    columns: ['us', 'user_id', 'event_type', 'device_type', 'duration_seconds', 'bitrate_kbps'],
    readsTwice: false,
    outputs: [{ name: 'cosmos-device-distribution', sql: deviceDistribution }],
  },
  {
    name: 'buffer_detection',
    columns: [
      ...(['us', 'user_id', 'session_id', 'content_id', 'content_title', 'event_type', 'country'] as const),
      ...(['device_type', 'resolution', 'buffer_duration_ms'] as const),
    ],
    readsTwice: true,
    outputs: [
      { name: 'cosmos-buffer-metrics', sql: bufferMetrics },
      { name: 'cosmos-quality-alerts', sql: qualityAlerts },
    ],
  },
  {
    name: 'trending_content',
    columns: ['us', 'user_id', 'content_id', 'content_title', 'event_type'],
    readsTwice: false,
    outputs: [{ name: 'cosmos-trending', sql: trending }],
  },
  {
    name: 'avg_watch_time',
    columns: ['us', 'content_id', 'content_title', 'event_type', 'duration_seconds'],
    readsTwice: true,
    outputs: [{ name: 'cosmos-watch-time', sql: watchTime }],
  },
  {
    name: 'engagement_scoring',
    columns: ['us', 'user_id', 'content_id', 'event_type', 'duration_seconds'],
    readsTwice: true,
    outputs: [{ name: 'cosmos-engagement', sql: engagement }],
  },
];
