/** The door of the engine: compile a query, make a job of it, push events, take rows. */

export { AvroBytes, AvroError, type AvroField, avroFields, skipAvroEvent } from './decode/avro-schema.ts';
export { compile } from './engine/compile.ts';
export type * from './engine/contract.ts';
export { EngineError } from './engine/engine-error.ts';
export { type Handover, transferablesOf } from './engine/handover.ts';
export { type BackJob, canCut, createBackJob, createFrontJob, createJob, type FrontJob, type JobOptions } from './engine/job.ts';
export { tryConvert } from './expressions/conversion.ts';
export { type MakeUserAggregate, noUserFunctions, type UserAggregate, type UserFunctions } from './expressions/user-functions.ts';
export { DateTime, EvaluationError, RecordValue, type TypeName, typeOf, type Value } from './expressions/value.ts';
export type { QueryWatch } from './expressions/watched.ts';
export { jsonOfOutput, outputFromJson } from './operators/output-value.ts';
export { type ExplainedOperator, explain } from './plan/explain.ts';
export type { CompatibilityLevel, CompileOptions, InputOptions } from './plan/options.ts';
export type { CompileResult, Plan } from './plan/plan.ts';
