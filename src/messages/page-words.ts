import type { PageEvents } from '../incident/pages.js';
import { itself, line, type Sentence } from './sentence.js';

/** How people are called, and what becomes of it. */
export const pageWords: { [T in keyof PageEvents]: (body: PageEvents[T]) => Sentence } = {
  pageHandedOver: ({ personId, way }) => itself`${{ personId }} was called by ${way}`,
  pageFailed: ({ personId, way, error, next }) =>
    itself`${{ personId }} could not be called by ${way}: ${error}${next === null ? [] : line`; ${next} was tried at once`}`,
  pageUnreached: ({ personId }) => itself`No way of ${{ personId }} took the call`,
};
