/** The anchor a git host gives a heading: lower case, spaces as hyphens, punctuation dropped. */
export const slugOf = (title: string): string =>
  title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');

/** Anchors in the order of the page: a repeated one gets `-1`, `-2`, as on a git host. */
export function anchors(): (title: string) => string {
  const used = new Map<string, number>();
  return (title) => {
    const plain = slugOf(title);
    let anchor = plain;
    let count = used.get(plain) ?? 0;
    while (used.has(anchor)) {
      count += 1;
      anchor = `${plain}-${count}`;
    }
    used.set(plain, count);
    used.set(anchor, used.get(anchor) ?? 0);
    return anchor;
  };
}
