/** Which query a case is about: the one it names, the one of the test file's name, or the project's own. Runs nothing. */
import { readTextFile, type TextFile } from '../files/project-files.ts';
import { fileName, folderOf, joined } from '../files/project-path.ts';
import { projectQuery } from '../project/combined-query.ts';
import { type TestEnvironment, TestSetupError } from './test-environment.ts';

/** `named` is relative to the test file's folder. Rejects with a TestSetupError or a CombineError. */
export async function queryOfCase(
  testPath: string,
  named: string | null,
  { files, project }: TestEnvironment,
): Promise<TextFile> {
  const folder = folderOf(testPath);
  if (named !== null) {
    const path = joined(folder, named);
    const found = await readTextFile(files, path);
    if (found === null) throw new TestSetupError(`The query ${path} is not there.`);
    return found;
  }
  const name = fileName(testPath).replace(/\.(test|asaql-test)\.ya?ml$/i, '');
  for (const candidate of [`${name}.asaql`, `../${name}.asaql`, `../queries/${name}.asaql`, `queries/${name}.asaql`]) {
    const found = await readTextFile(files, joined(folder, candidate));
    if (found !== null) return found;
  }
  const own = projectQuery(project);
  if (own === null) throw new TestSetupError("The project has no query: name one, as in 'query: ../my-query.asaql'.");
  return own;
}
