import { z } from 'zod';
import { signedBody } from '../authentic.js';
import { makeAlert } from '../make.js';
import { record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.object({
  involvedObject: z.object({ kind: text, namespace: text, name: z.string().min(1) }),
  severity: text,
  reason: text,
  message: text,
  timestamp: text,
  reportingController: text,
  metadata: record,
});

const ends =
  /^(?:(?:Reconciliation|Install|Upgrade|Test|GitOperation|StorageOperation)?Succeeded|NewArtifact|ArtifactUpToDate|ArtifactInStorage|HealthCheckPassed|Ready)$/;

/** Events of Flux' notification controller. Nothing is called resolved there: the next success is the end. */
export const flux = defineSource({
  kind: 'flux',
  sender: 'Flux',
  authentication: 'HMAC-SHA256 of the body (X-Signature), or a token (headers)',
  episode:
    'no real body of a success is published; a success has the key of the failure, as shown on a real one with its state changed',
  authentic: signedBody('x-signature', { prefix: 'sha256=' }),
  payload,
  alerts({ involvedObject: object, severity, reason, message, timestamp, reportingController, metadata }, about) {
    const called = [object.namespace, object.name].filter(Boolean).join('/');
    const kind = object.kind ?? 'Object';
    const firing = severity?.toLowerCase() === 'error';
    const word = reason ?? 'no reason';
    if (!firing && !ends.test(word))
      return { name: `${kind} ${called}: ${word}`, why: 'It is neither a failure nor a success.' };
    const known = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key.replace(/^.*\//, ''), value]));
    const { cluster, summary, revision } = known as Record<string, unknown>;
    return [
      makeAlert(about, {
        key: [typeof cluster === 'string' ? cluster : null, kind, object.namespace, object.name],
        firing,
        startsAt: firing ? moment(timestamp) : null,
        endsAt: moment(timestamp),
        name: `${kind} ${object.name} fails`,
        summary: `${kind} ${called}: ${word}${message ? `: ${message}` : ''}`,
        service: object.name,
        severity: firing ? severity : null,
        labels: { namespace: object.namespace, kind, reason, revision, cluster, controller: reportingController },
        annotations: { message, summary },
      }),
    ];
  },
});
