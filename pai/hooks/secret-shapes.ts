/** Things that are secrets wherever they stand, by the shapes their makers gave them. */
const SHAPES = [
  /\bsk-(?:ant|proj|live|or)-[\w-]{16,}/g,
  /\b[sr]k_live_\w{16,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/g,
  /\bgithub_pat_\w{30,}\b/g,
  /\bglpat-[\w-]{20,}/g,
  /\bxox[abeprs]-[\w-]{10,}/g,
  /\bAIza[\w-]{35}\b/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$)/g,
];

export function holdsSecret(text: string): boolean {
  return SHAPES.some((shape) => text.search(shape) !== -1);
}

export function hideSecrets(text: string): string {
  return SHAPES.reduce((hidden, shape) => hidden.replaceAll(shape, "[hidden]"), text);
}
