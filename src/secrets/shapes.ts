/** What a found secret is called among people: "This looks like a GitHub token". */
export type SecretKind =
  | 'AWS access key'
  | 'AWS secret key'
  | 'AWS session token'
  | 'GitHub token'
  | 'GitLab token'
  | 'Slack token'
  | 'Slack webhook address'
  | 'private key'
  | 'JWT'
  | 'npm token'
  | 'PyPI token'
  | 'Docker token'
  | 'Vault token'
  | 'Stripe key'
  | 'Google API key'
  | 'API key'
  | 'Muster token'
  | 'password in an address'
  | 'access token';

/** A pattern with a group hides that group alone, so that what it belongs to stays readable. */
export interface Shape {
  kind: SecretKind;
  pattern: RegExp;
  /** What the pattern alone cannot say. */
  is?(secret: string, text: string): boolean;
  /** Long enough that no stand-in is looked for in it. */
  whole?: true;
}

/**
 * Each of these must stay linear on hostile text: a run has no upper bound only where it cannot begin in its own
 * middle, which the look-behind sees to, and nothing has to follow it. A test measures.
 */
export const shapes: readonly Shape[] = [
  // A key can be cut off by whoever pasted it, so the end may be missing; then what looks like key material goes.
  {
    kind: 'private key',
    pattern:
      /-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s:,]|\\+[nrt]|-(?!----))*(?:-----END[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
    is: (secret) => /[A-Za-z0-9+/=]{24}/.test(secret),
    whole: true,
  },
  { kind: 'private key', pattern: /AGE-SECRET-KEY-1[A-Z0-9]{40,}/gi },
  { kind: 'AWS access key', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  {
    kind: 'AWS secret key',
    pattern:
      /secret_?(?:access_?)?key["']?\s{0,8}(?:=>|[:=])\s{0,8}["']?((?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+]))/gi,
  },
  // On its own it is any 40 characters; beside an access key it is the other half of the pair.
  {
    kind: 'AWS secret key',
    pattern: /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
    is: (secret, text) => /(?:AKIA|ASIA|ABIA)[A-Z0-9]{16}/.test(text) && mixed(secret),
  },
  { kind: 'AWS session token', pattern: /session_?token["']?\s{0,8}(?:=>|[:=])\s{0,8}["']?([A-Za-z0-9/+=]{100,})/gi },
  { kind: 'GitHub token', pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9_]{36,}|github_pat_[A-Za-z0-9_]{30,})/g },
  {
    kind: 'GitLab token',
    pattern:
      /(?<![A-Za-z0-9])gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct)-[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]{2,})*/g,
  },
  { kind: 'Slack token', pattern: /(?<![A-Za-z0-9])(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{10,}/g },
  {
    kind: 'Slack webhook address',
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9/_+-]{20,})/gi,
  },
  {
    kind: 'JWT',
    pattern: /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]{10,}(?:\.[\w-]+){0,2}/g,
    is: (secret) => namesAlgorithm(secret),
  },
  { kind: 'Muster token', pattern: /(?<![A-Za-z0-9])muster_[A-Za-z0-9_-]{40,}/g },
  { kind: 'npm token', pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36,}/g },
  { kind: 'npm token', pattern: /_authToken=([^\s"'$\\]{8,})/g, is: (secret) => /\d/.test(secret) },
  { kind: 'PyPI token', pattern: /(?<![A-Za-z0-9])pypi-AgE[\w-]{50,}/g },
  { kind: 'Docker token', pattern: /(?<![A-Za-z0-9])dckr_[a-z]{2,4}_[\w-]{20,}/g },
  { kind: 'Vault token', pattern: /(?<![\w.])hv[sbr]\.[\w-]{24,}/g },
  { kind: 'Stripe key', pattern: /(?<![A-Za-z0-9])(?:sk|rk)_live_[A-Za-z0-9]{16,}/g },
  { kind: 'Google API key', pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/g },
  {
    kind: 'API key',
    pattern:
      /(?<![A-Za-z0-9])(?:sk-(?:ant-[\w-]{24,}|(?:proj|svcacct|admin)-[\w-]{40,}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})|lin_api_[A-Za-z0-9_]{32,}|shp(?:pa|ca|at|ss)_[A-Za-z0-9]{32,}|hf_[A-Za-z]{30,}|glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|ops_ey[A-Za-z0-9+/=_-]{100,}|SG\.[\w-]{16,64}\.[\w-]{16,64})/g,
  },
  {
    kind: 'password in an address',
    pattern: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}:\/\/([^\s:/@"'<>`]{0,100}:[^\s/@"'<>`]{3,200})@/gi,
  },
  {
    kind: 'access token',
    pattern: /authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:basic|bearer|token)\s{1,4}([\w.~+/=:-]{12,})/gi,
    is: (secret) => /[\d=]/.test(secret),
  },
  { kind: 'access token', pattern: /(?<![a-z])bearer\s{1,4}([\w.~+/=-]{20,})/gi, is: (secret) => /\d/.test(secret) },
];

/** Where nothing of this stands there is no secret of these shapes: most text is done with here. */
export const hint =
  /AKIA|ASIA|ABIA|_live_|gh[pousr]_|github_pat|gl[a-z]{2,5}-|xox[a-z]|xapp-|hooks\.slack|PRIVATE KEY|SECRET-KEY|eyJ|npm_|muster_|_authToken|pypi-|dckr_|hv[sbr]\.|AIza|sk-|lin_api|shp[a-z]{2}_|hf_|glsa_|ops_ey|SG\.|:\/\/|bearer|authorization|secret|session/i;

const mixed = (secret: string): boolean => /[a-z]/.test(secret) && /[A-Z]/.test(secret) && /\d/.test(secret);

function namesAlgorithm(token: string): boolean {
  const header = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString();
  return /"(?:alg|enc|typ)"\s*:/.test(header);
}
