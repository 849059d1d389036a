/** Reads `config.yaml` and `.env` of a folder and the environment into settings. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { type Settings, SettingsError, type SettingsSource, settingsFrom } from './settings.ts';

/** Throws a SettingsError with one line that names the file and the line or key. */
export function loadSettings(folder: string, environment: NodeJS.ProcessEnv): Settings {
  const variables = new Map(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return settingsFrom([
    yamlSource(join(folder, 'config.yaml')),
    dotEnvSource(join(folder, '.env')),
    { name: 'environment', values: variables },
  ]);
}

function yamlSource(path: string): SettingsSource {
  const values = new Map<string, string | number>();
  if (existsSync(path)) {
    const document = parseDocument(readText(path));
    const problem = document.errors[0];
    if (problem) throw new SettingsError(`${path}: ${problem.message.split('\n')[0]}`);
    const content: unknown = document.toJS();
    if (content !== null && content !== undefined) flatten(path, '', content, values);
  }
  return { name: path, values };
}

function flatten(path: string, prefix: string, value: unknown, into: Map<string, string | number>): void {
  if (typeof value === 'string' || typeof value === 'number') into.set(prefix, value);
  else if (value === null) return;
  else if (typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) flatten(path, prefix === '' ? key : `${prefix}.${key}`, inner, into);
  } else
    throw new SettingsError(
      `${path}: ${prefix === '' ? 'the file' : prefix} holds ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}: write a text or a number.`,
    );
}

function dotEnvSource(path: string): SettingsSource {
  const values = new Map<string, string | number>();
  if (!existsSync(path)) return { name: path, values };
  readText(path)
    .split(/\r?\n/)
    .forEach((line, index) => {
      if (/^\s*(#.*)?$/.test(line)) return;
      const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|(.*?))\s*$/.exec(line);
      if (!match)
        throw new SettingsError(`${path}, line ${index + 1}: "${line.split('=')[0]?.trim()}" is no setting: write NAME=value.`);
      values.set(match[1] as string, match[2] ?? match[3] ?? match[4] ?? '');
    });
  return { name: path, values };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
