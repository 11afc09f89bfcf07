/** The queue on which the bare workflow runs. */
export const bareTaskQueue = 'bench-bare';
