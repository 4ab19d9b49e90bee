/** Somebody else is making a backup of the same database just now: no failure, and nothing was made. */
export class UnderWayError extends Error {
  constructor() {
    super('Another backup of this database is under way.');
    this.name = 'UnderWayError';
  }
}
