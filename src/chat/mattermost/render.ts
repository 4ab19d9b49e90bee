import type { Card, Tone } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { quiet } from './escape.js';
import { line, partsOf } from './inline.js';
import { MESSAGE_LIMIT, PROPS_LIMIT, PROPS_RESERVED } from './limits.js';
import { type Piece, piecesOf, type Surroundings, type TextPiece } from './pieces.js';
import { type Attachment, jsonSize, type Post } from './post.js';

const COLORS: Record<Tone, string | null> = {
  neutral: null,
  sev1: '#d24b4e',
  sev2: '#e8833a',
  sev3: '#e0b12b',
  good: '#3d9a50',
  warning: '#e0b12b',
};

/** Room for the marks of a card that goes on in another post. */
const MARKS = 80;
const MESSAGE_ROOM = MESSAGE_LIMIT - MARKS;
const PROPS_ROOM = PROPS_LIMIT - PROPS_RESERVED;
const SUMMARY_LIMIT = 300;

/**
 * The posts that show a card: one, or several to be posted in order, each saying that it goes on. The first line is the
 * message, which is what a notification shows; what follows stands in attachments with the card's colour. Text of more
 * than one post fills messages, which are longer.
 */
export function renderCard(card: Card, around: Surroundings): Post[] {
  const summary = literal(card.summary, SUMMARY_LIMIT);
  const posts = pack(piecesOf(card.blocks, around), COLORS[card.tone], quiet(summary));
  const [first] = posts;
  if (first && first.message === '') first.message = line(partsOf([{ kind: 'text', text: summary }], around)) || '…';
  if (posts.length === 1) return posts;
  return posts.map(({ message, props }, index) => {
    const before = index > 0 ? [`*continued, ${index + 1} of ${posts.length}*`] : [];
    const after = index < posts.length - 1 ? ['*continues below*'] : [];
    return { message: [...before, message, ...after].filter((part) => part !== '').join('\n\n'), props };
  });
}

const joined = (before: string, text: string, tight = false): string =>
  before === '' ? text : `${before}${tight ? '\n' : '\n\n'}${text}`;

function pack(pieces: readonly Piece[], color: string | null, fallback: string): Post[] {
  const posts: Post[] = [{ message: '', props: {} }];
  const current = (): Post => posts.at(-1) as Post;
  const fresh = (): void => {
    posts.push({ message: '', props: {} });
  };

  /** The attachments with this one changed, or a new one where it would stand before what is there; null: no room. */
  const changed = (
    free: (last: Attachment) => boolean,
    change: (last: Attachment) => Attachment,
  ): Attachment[] | null => {
    const all = current().props.attachments ?? [];
    const last = all.at(-1);
    const start: Attachment = { ...(all.length === 0 && { fallback }), ...(color !== null && { color }) };
    const attachments = last && free(last) ? [...all.slice(0, -1), change(last)] : [...all, change(start)];
    return jsonSize({ attachments }) <= PROPS_ROOM ? attachments : null;
  };
  const attach = (free: (last: Attachment) => boolean, change: (last: Attachment) => Attachment): boolean => {
    const attachments = changed(free, change);
    if (attachments) current().props.attachments = attachments;
    return attachments !== null;
  };
  const attachText = (text: string, tight?: boolean): boolean =>
    attach(
      (last) => !last.fields && !last.actions,
      (last) => ({ ...last, text: joined(last.text ?? '', text, tight) }),
    );

  const placeText = ({ parts, write, tight }: TextPiece): void => {
    let rest = parts;
    while (rest.length > 0) {
      const post = current();
      const below =
        post.props.attachments !== undefined || (color !== null && posts.length === 1 && post.message !== '');
      if (below) {
        if (attachText(write(rest), tight)) return;
        fresh();
        continue;
      }
      const text = write(rest);
      const fits = (count: number): boolean =>
        joined(post.message, write(rest.slice(0, count)), tight).length <= MESSAGE_ROOM;
      if (fits(rest.length)) {
        post.message = joined(post.message, text, tight);
        return;
      }
      const count = post.message !== '' && text.length < MESSAGE_ROOM / 4 ? 0 : most(rest.length, fits);
      if (count > 0) post.message = joined(post.message, write(rest.slice(0, count)), tight);
      rest = rest.slice(count);
      fresh();
    }
  };

  const placePart = (piece: Exclude<Piece, TextPiece>): void => {
    const add = (): boolean =>
      piece.kind === 'field'
        ? attach(
            (last) => !last.actions,
            (last) => ({ ...last, fields: [...(last.fields ?? []), piece.field] }),
          )
        : attach(
            () => true,
            (last) => ({ ...last, actions: [...(last.actions ?? []), piece.action] }),
          );
    if (add()) return;
    fresh();
    add();
  };
  for (const piece of pieces) {
    if (piece.kind === 'text') placeText(piece);
    else placePart(piece);
  }
  return posts;
}

/** The largest count that fits; more never fits where less does not. */
function most(limit: number, fits: (count: number) => boolean): number {
  let low = 0;
  let high = limit;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
