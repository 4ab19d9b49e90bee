import { Gauge, type Registry } from 'prom-client';

/** What is kept quiet, and who is silent. */
export interface QuietFigures {
  /** Silences and maintenance windows that hold now. */
  active: number;
  /** Alerts that fire and are held by them. */
  held: number;
  /** Sources that are watched: whether they are silent. */
  silent: ReadonlyMap<string, boolean>;
}

export function quietMetrics(registry: Registry): (figures: QuietFigures) => void {
  const registers = [registry];
  const active = new Gauge({
    name: 'muster_silences_active',
    help: 'Silences and maintenance windows that hold now.',
    registers,
  });
  const held = new Gauge({
    name: 'muster_alerts_held',
    help: 'Alerts that fire and that a silence or a maintenance window holds.',
    registers,
  });
  const silent = new Gauge({
    name: 'muster_source_silent',
    help: '1: nothing comes from a source that has to be heard (expect), or that has always been heard until now.',
    labelNames: ['source'] as const,
    registers,
  });
  return (figures) => {
    active.set(figures.active);
    held.set(figures.held);
    silent.reset();
    for (const [source, isSilent] of figures.silent) silent.set({ source }, isSilent ? 1 : 0);
  };
}
