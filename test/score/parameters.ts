/** Parameters of the tests: the shipped ones, so that what is tested is what runs. */
import { loadScoreParameters } from '../../src/score/parameters.js';

export const parameters = await loadScoreParameters('cards/score.json');
