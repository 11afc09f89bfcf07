import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Job } from 'kubernetes-models/batch/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Secret, Service } from 'kubernetes-models/v1';

interface Model {
  prototype: { validate(this: object): void };
}

/** Models of the kinds that are used, by their published OpenAPI schemas. */
const models: Readonly<Record<string, Model>> = {
  'v1 ConfigMap': ConfigMap,
  'v1 Namespace': Namespace,
  'v1 Secret': Secret,
  'v1 Service': Service,
  'apps/v1 Deployment': Deployment,
  'autoscaling/v2 HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'batch/v1 Job': Job,
  'keda.sh/v1alpha1 ScaledObject': ScaledObject,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
};

/**
 * What is wrong with a manifest by its kind's schema, a field that the schema does not know included. The schemas let
 * those pass, as an API server drops them; but the generated validators read only what they know, so a field that was
 * not read is none.
 */
export function complaintsAbout(manifest: { apiVersion: string; kind: string }): string[] {
  const kind = `${manifest.apiVersion} ${manifest.kind}`;
  const model = models[kind];
  if (!model) return [`no schema for ${kind}`];
  const read = new Map<object, Set<PropertyKey>>();
  try {
    // Not on an instance: making one reads every field.
    model.prototype.validate.call(watched(manifest, read));
  } catch (error) {
    return [(error as Error).message];
  }
  return unread(manifest, read, kind);
}

/** The same object, which notes down which of its fields are read. */
function watched<Value extends object>(value: Value, read: Map<object, Set<PropertyKey>>): Value {
  return new Proxy(value, {
    get(target, key) {
      read.set(target, (read.get(target) ?? new Set()).add(key));
      const field: unknown = Reflect.get(target, key);
      return typeof field === 'object' && field !== null ? watched(field, read) : field;
    },
  });
}

function unread(value: object, read: Map<object, Set<PropertyKey>>, path: string): string[] {
  return Object.entries(value).flatMap(([key, field]: [string, unknown]) => {
    if (!read.get(value)?.has(key)) return [`${path}.${key} is not a field of the schema`];
    return typeof field === 'object' && field !== null ? unread(field, read, `${path}.${key}`) : [];
  });
}
