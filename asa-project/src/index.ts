/** The door of projects and query tests. */
export { type JobTemplate, jobTemplate } from './build/job-template.ts';
export { addPart, listing, type SubType } from './edit/add-part.ts';
export { type FileChange, ProjectEditError } from './edit/file-change.ts';
export { newFunction, newInput, newLocalInput, newOutput } from './edit/new-parts.ts';
export { newProject } from './edit/new-project.ts';
export { type MemoryFiles, memoryFiles } from './files/memory-files.ts';
export {
  type ListedFile,
  type ProjectFiles,
  readText,
  readTextFile,
  type TextFile,
  withoutMark,
  writeText,
} from './files/project-files.ts';
export { fileName, folderOf, joined, relativePath } from './files/project-path.ts';
export { outputSinks, referenceSources, type SourceKind, sourceKind, streamSources } from './formats/data-sources.ts';
export { withProfile } from './profiles/apply-profile.ts';
export { CombineError, combineQueries, projectQuery } from './project/combined-query.ts';
export { jobDeclarations, type SampleColumns } from './project/job-declarations.ts';
export { isProject, type OpenedProject, openProject } from './project/open-project.ts';
export type * from './project/project.ts';
export { type ProblemCode, type ProjectProblem, printedProblem, problemRules } from './project-problem.ts';
export { inferSchema } from './schema/infer-schema.ts';
export { printSchema } from './schema/print-schema.ts';
export type { Field, Schema, Shape, ShapeName } from './schema/schema.ts';
export { schemaColumns } from './schema/schema-columns.ts';
export { type Drift, schemaDrift } from './schema/schema-drift.ts';
export { type Content, type ContentObject, Secret } from './secret.ts';
export type * from './tests/case-result.ts';
export type { CoverageItem, QueryCoverage } from './tests/coverage.ts';
export { junitXml } from './tests/junit.ts';
export { failureText, type PrintOptions, printedCase, printedCoverage, printedSummary } from './tests/print-results.ts';
export { isTestConfig } from './tests/read-test-config.ts';
export { isTestFile, readTestFile } from './tests/read-test-file.ts';
export { eventOfDeadLetter, type RecordedCase, type RecordedEvent, recordCase } from './tests/record-case.ts';
export { type RecordedTest, type Recording, recordTest } from './tests/record-test.ts';
export {
  findTests,
  type RunTestsOptions,
  readTests,
  runTests,
  selectedCases,
  summaryOf,
  type TestSummary,
} from './tests/run-tests.ts';
export { splitEvents } from './tests/split-events.ts';
export type * from './tests/test-case.ts';
export { type GeneratedEvent, type TestEnvironment, TestSetupError } from './tests/test-environment.ts';
export { testFileSchema } from './tests/test-file-schema.ts';
export { type TestResultSummary, testResultSummary } from './tests/test-result-summary.ts';
export { updateExpectations } from './tests/update-expectations.ts';
export { csvFields } from './text/csv-fields.ts';
export { JsonDocument } from './text/json-document.ts';
