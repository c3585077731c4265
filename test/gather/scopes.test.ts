import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Permission, permissionOf } from '../../src/gather/scopes.js';

describe('scopes', () => {
  const cases: readonly (readonly [string, string, boolean, Permission])[] = [
    ['', 'Condition', true, 'all'],
    ['patient/*.read', 'Condition', true, 'all'],
    ['patient/*.*', 'Condition', true, 'all'],
    ['user/Condition.read', 'Condition', true, 'all'],
    ['patient/*.rs', 'Patient', false, 'all'],
    ['patient/*.cruds', 'Condition', true, 'all'],
    ['patient/*.r', 'Condition', true, 'none'], // may read one, may not search
    ['patient/*.s', 'Patient', false, 'none'],
    ['patient/Patient.rs', 'Condition', true, 'none'],
    ['patient/*.write', 'Condition', true, 'none'],
    ['patient/*.cud', 'Condition', true, 'none'],
    ['launch openid fhirUser', 'Condition', true, 'none'],
    ['patient/Observation.rs?category=laboratory', 'Observation', true, 'part'],
    ['patient/Observation.rs?category=laboratory patient/Observation.rs', 'Observation', true, 'all'],
    ['patient/Observation.rs?category=laboratory', 'Condition', true, 'none'],
    ['user/CONDITION.Read', 'Condition', true, 'all'],
    ['patient/ConditionX.read', 'Condition', true, 'none'],
    ['nonsense patient/ .read', 'Condition', true, 'none'],
  ];
  for (const [scope, type, isSearch, expected] of cases) {
    it(`"${scope}" › ${isSearch ? 'search' : 'read'} of ${type} › ${expected}`, () => {
      assert.equal(permissionOf(scope, type, isSearch), expected);
    });
  }
});
