/**
 * The labels in the text that Alertmanager writes for PagerDuty and Opsgenie, ` - alertname = DiskFull` on lines of their
 * own: those that all its alerts agree on. Empty where there is no such text.
 */
export function labelsSaid(texts: readonly unknown[]): Record<string, string> {
  const said = new Map<string, string | null>();
  const text = texts.filter((each) => typeof each === 'string').join('\n');
  let ofLabels = false;
  for (const line of text.slice(0, mostRead).split('\n')) {
    if (/^(?:Labels|Annotations):$/.test(line)) ofLabels = line === 'Labels:';
    const [, name, value] = /^ - ([A-Za-z_]\w{0,127}) = (.*)$/.exec(line) ?? [];
    if (!ofLabels || name === undefined || value === undefined) continue;
    const before = said.get(name);
    said.set(name, before === undefined || before === value ? value : null);
  }
  return Object.fromEntries([...said].flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

const mostRead = 64 * 1024;
