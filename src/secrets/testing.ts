/** Made-up secrets, put together here so that no scanner takes this file for a leak. */
const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
let seed = 7;
/** The same every time. */
export function made(length: number, from = characters): string {
  let text = '';
  for (let at = 0; at < length; at++) {
    seed = (seed * 48271) % 2147483647;
    text += from[seed % from.length];
  }
  return text;
}
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const digits = '0123456789';
const base64 = `${characters}+/`;
const inJson = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const pem = (label: string): string =>
  [
    `-----BEGIN ${label}PRIVATE KEY-----`,
    ...Array.from({ length: 6 }, () => made(64, base64)),
    `-----END ${label}PRIVATE KEY-----`,
  ].join('\n');

/** One of each kind people paste most, fresh ones of the same shapes at every call. */
export const pasted = () => ({
  'AWS access key': `AK${'IA'}${made(16, upper)}`,
  'AWS secret key': `aws_secret_access_key = ${made(40, base64)}`,
  'GitHub token': `gh${'p_'}${made(36)}`,
  'GitLab token': `gl${'pat-'}${made(20)}`,
  'Slack token': `xo${'xb-'}${made(12, digits)}-${made(12, digits)}-${made(24)}`,
  'private key': pem('RSA '),
  JWT: `${inJson({ alg: 'HS256', typ: 'JWT' })}.${inJson({ sub: made(8), iat: 1_795_000_000 })}.${made(43)}`,
});

/** Other shapes of the same and further kinds. */
export const others = (): readonly [kind: string, text: string][] => [
  ['AWS access key', `AS${'IA'}${made(16, upper)}`],
  ['GitHub token', `gh${'s_'}${made(36)}`],
  ['GitHub token', `github${'_pat_'}${made(22)}_${made(59)}`],
  ['GitLab token', `gl${'pat-'}${made(27)}.01.${made(9)}`],
  ['GitLab token', `gl${'ptt-'}${made(40, '0123456789abcdef')}`],
  ['GitLab token', `gl${'cbt-'}64_${made(20)}`],
  ['GitLab token', `gl${'rt-'}${made(20)}`],
  ['Slack token', `xa${'pp-'}1-A${made(10, upper)}-${made(13, digits)}-${made(64, '0123456789abcdef')}`],
  ['Slack token', `xo${'xe.xoxp-'}1-${made(160)}`],
  ['Slack webhook address', `https://hooks.slack.com/services/T${made(8, upper)}/B${made(8, upper)}/${made(24)}`],
  ['private key', pem('OPENSSH ')],
  ['private key', pem('').replaceAll('\n', ' ')],
  ['private key', pem('EC ').replaceAll('\n', '\\n')],
  ['private key', pem('').slice(0, 200)],
  ['npm token', `np${'m_'}${made(36)}`],
  ['Muster token', `muster${'_'}${made(43)}`],
  ['Vault token', `hv${'s.'}${made(90)}`],
  ['API key', `sk-${'ant-'}api03-${made(93)}AA`],
  ['API key', `S${'G.'}${made(22)}.${made(43)}`],
  ['password in an address', `postgres://muster:${made(12)}@db.internal:5432/muster`],
  ['password in an address', `https://ada:${made(16)}@registry.internal/v2/`],
  ['access token', `Authorization: Bearer ${made(32)}7`],
  ['access token', `Authorization: Basic ${made(24)}==`],
];
