import type { Incident, Status } from '../incident/state.js';
import type { Declaration } from './options.js';
import type { About } from './verb.js';

/** Declared or seen longer ago, what is open is hardly what somebody means now. */
const recentForMs = 48 * 3_600_000;
const lookedThrough = 100;
const offeredAtMost = 2;
/** How much of the shorter of two titles the other has to say as well. */
const sameWords = 0.6;
const sameWordsOfOneService = 0.5;
const openStatuses: Status[] = ['investigating', 'identified', 'monitoring'];

const empty = new Set(
  'a an and are as at be by can cannot for from has have in is it its not no of on or our the there this to us was we with'.split(
    ' ',
  ),
);

/** The words a title is about, without their endings: "PushFails" and "pushes are failing" say the same. */
function stems(title: string): Set<string> {
  const words = title
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !empty.has(word));
  return new Set(words.map(stem));
}
const stem = (word: string): string => {
  const cut = word.replace(/(?:ing|ed|es|s)$/, '');
  return cut.length >= 3 ? cut.replace(/e$/, '') : word;
};

type Said = Pick<Declaration, 'title' | 'services'>;

/** From 0 to 1: whether these words may be about that incident; 0: they are not alike enough to ask. */
export function likeness(said: Said, incident: Pick<Incident, 'title' | 'services'>): number {
  const services = incident.services.map((each) => each.toLowerCase());
  const typed = stems(said.title);
  const known = stems(incident.title);
  const named = services.filter((each) => [...stems(each)].every((part) => typed.has(part)));
  const oneService = named.length > 0 || said.services.some((each) => services.includes(each.toLowerCase()));
  const ofService = new Set(oneService ? services.flatMap((each) => [...stems(each)]) : []);
  const left = (words: Set<string>) => [...words].filter((word) => !ofService.has(word));
  const mine = left(typed);
  const theirs = left(known);
  const shared = mine.filter((word) => theirs.includes(word)).length;
  const shorter = Math.min(mine.length, theirs.length);
  if (shorter === 0) return oneService && mine.length === theirs.length ? 1 : 0;
  const share = shared / shorter;
  if (oneService) return share >= sameWordsOfOneService ? share : 0;
  return share >= sameWords && (shared >= 2 || mine.length === theirs.length) ? share : 0;
}

/** Open incidents and entries of the triage queue that these words may be about, the likeliest first. */
export async function alike(said: Said, about: Pick<About, 'reads' | 'viewer' | 'now'>): Promise<Incident[]> {
  const page = { limit: lookedThrough, offset: 0 };
  const [open, waiting] = await Promise.all([
    about.reads.incidents(about.viewer, { ...page, status: openStatuses }),
    about.reads.incidents(about.viewer, { ...page, status: ['triage'], triage: true }),
  ]);
  return [...open.incidents, ...waiting.incidents]
    .filter((each) => !each.drill && about.now - (each.declaredAt ?? each.openedAt) <= recentForMs)
    .map((incident) => ({ incident, score: likeness(said, incident) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, offeredAtMost)
    .map(({ incident }) => incident);
}
