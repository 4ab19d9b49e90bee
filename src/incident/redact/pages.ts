import type { PageEvents } from '../pages.js';

const gone = '[redacted]';
const somebody = 'redacted';

export const pageForms: { [T in keyof PageEvents]: (body: PageEvents[T]) => PageEvents[T] } = {
  pageHandedOver: ({ page, way }) => ({ personId: somebody, page, way }),
  pageFailed: ({ page, way, next }) => ({ personId: somebody, page, way, error: gone, next }),
  pageUnreached: ({ page }) => ({ personId: somebody, page }),
};
