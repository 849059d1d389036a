/** The fields of one CSV record (RFC 4180 quoting), for the header and for a column that the command itself reads. */

export function splitCsv(record: string, delimiter: string): string[] {
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
