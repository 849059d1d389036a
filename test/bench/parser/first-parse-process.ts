/** One fresh process of first-parse.ts: loads the parser, parses one query, says how long each took. */
import { performance } from 'node:perf_hooks';

const text = `SELECT content_id, COUNT(*) AS viewers, AVG(score) AS score, System.Timestamp() AS at
INTO output FROM input TIMESTAMP BY sentAt
WHERE score > 10 AND kind LIKE 'video%' GROUP BY content_id, TumblingWindow(minute, 1)`;

const beforeLoad = performance.now();
const { analyze, parse } = await import('@asaql/parser');
const loaded = performance.now();
const parsed = parse(text);
const done = performance.now();
analyze(parsed);
const analyzed = performance.now();
console.log(JSON.stringify({ loadMs: loaded - beforeLoad, firstParseMs: done - loaded, firstAnalysisMs: analyzed - loaded }));
