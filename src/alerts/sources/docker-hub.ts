import { z } from 'zod';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { firstLine, kept } from '../words.js';

const payload = z.object({
  push_data: z.object({ tag: text, pusher: text }),
  repository: part({ repo_name: text, name: text }),
});

/** Docker Hub tells of pushes and of nothing else, so no alert ever comes of it; it shows that the way here is open. */
export const dockerHub = defineSource({
  kind: 'docker-hub',
  sender: 'Docker Hub',
  authentication: 'token in the address',
  episode: 'it tells of pushes only: nothing begins and nothing ends',
  payload,
  alerts({ push_data, repository }) {
    const image = firstLine(kept.word, repository?.repo_name, repository?.name) ?? 'an image';
    return { name: `push of ${image}:${push_data.tag ?? 'latest'}`, why: 'A push is no alert.' };
  },
});
