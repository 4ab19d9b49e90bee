const modulus = 2 ** 31 - 1;

/**
 * A number by which the alerts of a fingerprint are found, among a few others. Migrations compute the same, so it must
 * stay as it is: over the code points of both, each step times 31.
 */
export function alertKey({ source, fingerprint }: { source: string; fingerprint: string }): number {
  const said = `${source}\n${fingerprint}`;
  let value = 0;
  for (let i = 0; i < said.length; i++) {
    const code = said.codePointAt(i) as number;
    if (code > 0xffff) i++;
    value = (value * 31 + code) % modulus;
  }
  return value;
}
