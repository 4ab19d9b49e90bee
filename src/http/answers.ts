import type { FastifyReply } from 'fastify';

/** The body of every answer that is not a success: what is wrong, and what to do about it. */
interface Problem {
  error: string;
  hint: string;
}

/** Sends `{ error, hint }` as JSON; `more` beside them, for programs that look for words of their own. */
export function answerProblem(
  reply: FastifyReply,
  status: number,
  error: string,
  hint: string,
  more: object = {},
): FastifyReply {
  const problem: Problem = { error, hint, ...more };
  return reply.code(status).type('application/json; charset=utf-8').header('cache-control', 'no-store').send(problem);
}
