import {
  prediction,
  type Prediction,
  type PredictionRequest,
  type Predictor,
} from '../contracts/predictor.js';
import { statisticalPredictor } from './habits.js';

/** `runtime/load-modules.ts` */
type LoadModules = (
  variable: string,
  names: readonly string[],
  take: (exports: Readonly<Record<string, unknown>>) => void,
) => Promise<void>;

/** A notification waits for its plan, and the plan for this. */
const PATIENCE_MS = 1_000;

/**
 * The deployment's own predictor, where the environment names one; else the one that Carillon brings, which also stands
 * in where the own one fails, takes too long, or answers what is no prediction.
 * @throws what `load` throws for a module that is not there, or exports no predictor.
 */
export async function deploymentPredictor(
  { CARILLON_PREDICTOR: name }: { CARILLON_PREDICTOR?: string | undefined },
  load: LoadModules,
  onFailure: (error: unknown) => void,
): Promise<Predictor> {
  let own: Predictor | undefined;
  await load('CARILLON_PREDICTOR', name === undefined ? [] : [name], (exports) => {
    own = predictorIn(exports);
  });
  return own ? guarded(own, onFailure) : statisticalPredictor;
}

/**
 * The predictor that a module exports: as its default, or as `predictor`.
 * @throws {Error} which says what is missing.
 */
export function predictorIn(exports: Readonly<Record<string, unknown>>): Predictor {
  const found = exports.default ?? exports.predictor;
  if (found === undefined) throw new Error('exports no predictor: neither default nor predictor');
  const { name, predict } = (typeof found === 'object' && found !== null ? found : {}) as Partial<Predictor>;
  if (typeof name !== 'string' || name === '')
    throw new Error('exports what is no predictor: name must be a text');
  if (typeof predict !== 'function')
    throw new Error('exports what is no predictor: predict must be a function');
  return found as Predictor;
}

function guarded(own: Predictor, onFailure: (error: unknown) => void): Predictor {
  return {
    name: own.name,
    async predict(request) {
      try {
        return prediction.parse(await inTime(own, request));
      } catch (error) {
        onFailure(error);
        return statisticalPredictor.predict(request);
      }
    },
  };
}

async function inTime(own: Predictor, request: PredictionRequest): Promise<Prediction> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([own.predict(request), late]);
  } finally {
    clearTimeout(timer);
  }
}
