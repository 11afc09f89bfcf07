import { CancellationScope, setHandler } from '@temporalio/workflow';
import { cancelSignal, pauseSignal, resumeSignal } from './messages.js';
import { describeNote } from './requests.js';

/** What operators have told a broadcast. Handlers set it, the main body acts on it. */
export interface Control {
  cancelled: boolean;
  paused: boolean;
  /** Who cancelled it, or why. */
  note?: string;
}

/** Registers the handlers. Signals typed by hand come without an argument; the Web UI's own cancellation counts too. */
export function listenToOperators(): Control {
  const control: Control = { cancelled: false, paused: false };
  setHandler(cancelSignal, (note) => {
    control.cancelled = true;
    control.note ??= describeNote(note);
  });
  setHandler(pauseSignal, () => {
    control.paused = true;
  });
  setHandler(resumeSignal, () => {
    control.paused = false;
  });
  const cancelledFromOutside = () => {
    control.cancelled = true;
    control.note ??= 'cancellation requested from Temporal';
  };
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) cancelledFromOutside();
  scope.cancelRequested.catch(cancelledFromOutside);
  return control;
}
