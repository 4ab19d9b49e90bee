/** A body that is not taken. `statusCode` is what Fastify calls the status of an error. */
export class BodyRefusal extends Error {
  constructor(
    readonly statusCode: 400 | 404 | 413 | 415 | 503,
    readonly error: string,
    readonly hint: string,
    options?: { cause?: unknown },
  ) {
    super(error, options);
    this.name = 'BodyRefusal';
  }
}
