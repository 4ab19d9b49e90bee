/** `muster-20261121T120000Z.tar.gz`, with `.age` when it is encrypted: names sort by time. */
export const archiveName = (at: number, encrypted: boolean): string =>
  `muster-${new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}.tar.gz${encrypted ? '.age' : ''}`;

const pattern = /^muster-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.tar\.gz(\.age)?$/;

/** When an archive of this name was begun, to the second; null: it is not the name of one. */
export function archiveTime(name: string): number | null {
  const [, year, month, day, hour, minute, second] = pattern.exec(name) ?? [];
  if (year === undefined) return null;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? null : at;
}
