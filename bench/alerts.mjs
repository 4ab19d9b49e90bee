/** Those named in the catalogue have tiers, so that incidents of every severity are open during the load. */
const services = ['registry', 'gitlab', 'postgres', 'kafka', 'checkout', 'search', 'wiki', 'mail'];
const counterWidth = 8;
const placeholder = '~'.repeat(counterWidth);
const startsAt = new Date().toISOString();

function alertOf(service, index) {
  return {
    labels: {
      alertname: 'HighErrorRate',
      cluster: 'prod-eu',
      instance: `node-${placeholder}:9100`,
      service,
      severity: index % 2 === 0 ? 'critical' : 'warning',
    },
    annotations: {
      summary: `More than 5% of requests to ${service} on node-${placeholder} fail`,
      description: `The share of answers with 5xx has been above 5% for ten minutes on node-${placeholder}.`,
      runbook_url: `https://runbooks.example.org/${service}/high-error-rate`,
    },
    startsAt,
    generatorURL: 'http://prometheus.example.org/graph?g0.expr=job%3Aerrors%3Arate5m+%3E+0.05&g0.tab=1',
  };
}

/** What Alertmanager's webhook sends: one group, here the alerts of one service. */
function webhook(alerts) {
  const { alertname, cluster, service } = alerts[0].labels;
  return {
    receiver: 'muster',
    status: 'firing',
    alerts: alerts.map((alert) => ({
      status: 'firing',
      ...alert,
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: `${placeholder}f0e1d2c3`,
    })),
    groupLabels: { alertname, cluster, service },
    commonLabels: { alertname, cluster, service },
    commonAnnotations: { runbook_url: alerts[0].annotations.runbook_url },
    externalURL: 'http://alertmanager.example.org',
    version: '4',
    groupKey: `{}:{alertname="${alertname}", cluster="${cluster}", service="${service}"}`,
    truncatedAlerts: 0,
  };
}

/** The two bodies that carry the same alerts: Alertmanager's webhook, and what its own API takes. */
export const shapes = { webhook, api: (alerts) => alerts };

/** Fingerprints are hashes: one that follows another is nowhere near it. */
const scattered = (count) => (Math.imul(count, 0x9e3779b1) >>> 0).toString(16).padStart(counterWidth, '0');

/** One connection's requests, whole on the wire: no alert is ever sent twice. A buffer is reused once it is answered. */
export function requests({ shape, path, port, alerts, nextCounter }) {
  const perService = services.map((service, index) => {
    const body = JSON.stringify(shapes[shape](Array.from({ length: alerts }, () => alertOf(service, index))));
    const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const buffer = Buffer.from(head + body, 'latin1');
    const places = [];
    for (let at = buffer.indexOf(placeholder); at !== -1; at = buffer.indexOf(placeholder, at + 1)) places.push(at);
    return { buffer, places };
  });
  let turn = Math.floor(Math.random() * services.length);
  return () => {
    const { buffer, places } = perService[turn++ % services.length];
    const each = places.length / alerts;
    let counter = '';
    for (let i = 0; i < places.length; i++) {
      if (i % each === 0) counter = scattered(nextCounter());
      buffer.latin1Write(counter, places[i], counterWidth);
    }
    return buffer;
  };
}
