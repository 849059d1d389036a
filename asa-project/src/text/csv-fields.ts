/** The fields of one CSV record with RFC 4180's quoting, for headers and for what is read beside the engine. Knows no file. */

export function csvFields(record: string, delimiter: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (record.charAt(at) === '"') {
      const quoted = /"((?:[^"]|"")*)"?/y;
      quoted.lastIndex = at;
      const match = quoted.exec(record);
      field = (match?.[1] ?? '').replaceAll('""', '"');
      at += match?.[0].length ?? 1;
    }
    const next = record.indexOf(delimiter, at);
    fields.push(field + record.slice(at, next === -1 ? record.length : next));
    if (next === -1) return fields;
    at = next + delimiter.length;
  }
}
