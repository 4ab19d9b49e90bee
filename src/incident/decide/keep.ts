import type { CommandBodies } from '../commands.js';
import { type Decision, event } from '../context.js';
import { digest } from '../kept.js';
import { type Incident, refuse } from '../state.js';

/** The row remembers each of them, so that it is kept once. */
const keptAtMost = 500;

/** The same message again changes nothing, whoever marks it. */
export function keepMessage(state: Incident, command: CommandBodies['keepMessage']): Decision {
  const { platform, channel, message, text, by, how } = command;
  if (keptOf(state, command)) return [];
  if ((state.kept?.length ?? 0) >= keptAtMost)
    return refuse('kept-enough', `There are ${keptAtMost} messages kept already. Add a note instead: /incident note`);
  return [event('messageKept', { platform, channel, message, text, by, how })];
}

/** What was erased stays erased: a later form of it would hold the same words. */
export function reviseMessage(state: Incident, command: CommandBodies['reviseMessage']): Decision {
  const kept = keptOf(state, command);
  if (!kept || kept.withdrawn) return [];
  const { seq } = kept;
  if (command.text === null) return [event('keptMessageWithdrawn', { seq, by: kept.by })];
  if (kept.erased || kept.digest === digest(command.text)) return [];
  return [event('keptMessageRevised', { seq, by: kept.by, text: command.text })];
}

const keptOf = ({ kept = [] }: Incident, wanted: { platform: string; channel: string; message: string }) =>
  kept.find(
    (each) => each.platform === wanted.platform && each.channel === wanted.channel && each.message === wanted.message,
  );
