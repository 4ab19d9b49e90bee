import type { Client } from './client.js';
import type { MattermostSettings } from './settings.js';
import { delivering } from './trouble.js';

/** Who the bot is and where its channels go: asked once, when first needed. */
export interface Place {
  botId(): Promise<string>;
  teamId(): Promise<string>;
}

export function placeOf(client: Client, { team }: Pick<MattermostSettings, 'team'>): Place {
  let botId: string | null = null;
  let teamId: string | null = null;
  return {
    async botId() {
      const trying = { what: 'say who Muster is', of: 'platform' as const, mayNot: 'Look at the bot’s token.' };
      botId ??= (await delivering(trying, () => client.getMe())).id;
      return botId;
    },
    async teamId() {
      const mayNot = `Add the bot to the team ${team}.`;
      const trying = { what: `show the team ${team}`, of: 'platform' as const, mayNot };
      teamId ??= (await delivering(trying, () => client.getTeamByName(team))).id;
      return teamId;
    },
  };
}
