import type { FastifyInstance } from 'fastify';
import type { WayIn } from '../chat/platform.js';
import { answerProblem } from './answers.js';

/** How people of chat platforms are heard, by platform. */
export type Ways = ReadonlyMap<string, Pick<WayIn, 'state'>>;

/** Of each platform `ok`, or why nobody there is heard. */
export const heardOn = (ways: Ways): Record<string, string> =>
  Object.fromEntries([...ways].map(([platform, way]) => [platform, whyNot(way) ?? 'ok']));

/** null: people there are heard. */
function whyNot(way: Pick<WayIn, 'state'>): string | null {
  const { ready, why } = way.state();
  return ready ? null : (why ?? 'It is being connected.');
}

/** `/readyz/chat/<platform>`: 200 while people there are heard, else 503 and why. */
export async function chatHealthRoutes(app: FastifyInstance, { ways }: { ways: Ways }): Promise<void> {
  app.get<{ Params: { platform: string } }>(
    '/readyz/chat/:platform',
    { config: { access: 'anyone' } },
    async (request, reply): Promise<unknown> => {
      const { platform } = request.params;
      reply.header('cache-control', 'no-store');
      const way = ways.get(platform);
      if (!way) {
        const known = [...ways.keys()];
        return answerProblem(
          reply,
          404,
          'This chat platform is not set up.',
          known.length > 0 ? `Known: ${known.join(', ')}.` : 'None is, besides the web room.',
        );
      }
      const { sinceAt } = way.state();
      const why = whyNot(way);
      if (why === null) return { status: 'ok', since: new Date(sinceAt).toISOString() };
      return reply.code(503).send({
        error: `People on ${platform} are not heard: ${why}`,
        hint: `Muster goes on trying. Alerts and the web room are not concerned. muster doctor ${platform} looks closer.`,
        since: new Date(sinceAt).toISOString(),
      });
    },
  );
}
