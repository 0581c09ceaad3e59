/* The six checks of a statement, and the sentence they come to: as verify/checks, verify/report.py and
   verify/sentences.py. tests/journeys holds this file and those to the same corpus. */

import { Malformed } from "./cbor.js";
import * as cose from "./cose.js";
import * as statements from "./statement.js";
import { witnessedAt } from "./snapshot.js";

export const NAMES = ["structure", "proof", "key_controlled", "status", "validity", "issuer_recognised"];

const PASSED = ["passed", null];
const NOT_REACHED = ["not_checked", "not_reached"];

/* {verdict, kind, checks: {name: [outcome, reason]}, said}. `snapshot` is null where there is none; `stale` is for how
   long, in milliseconds, what it says of withdrawals is taken for an answer. */
export async function verify(bytes, snapshot, now, stale = Infinity) {
  let read;
  try {
    read = statements.read(bytes);
  } catch (error) {
    if (!(error instanceof Malformed) && !(error instanceof statements.Newer)) throw error;
    const newer = error instanceof statements.Newer;
    const structure = newer ? ["not_checked", "statement_version_unknown"] : ["failed", "statement_malformed"];
    return reported([structure, NOT_REACHED, NOT_REACHED, NOT_REACHED, NOT_REACHED, NOT_REACHED], null);
  }
  const { message, kid, said } = read;
  const [proof, controlled] = await signed(bytes, message, kid, said, snapshot, now);
  const known = snapshot && now - snapshot.asOf <= stale;
  const checks = [
    PASSED,
    proof,
    controlled,
    snapshot && !known ? ["not_checked", "status_list_expired"] : status(said, snapshot),
    validity(said, now),
    proof[0] === "failed" || controlled[0] === "failed" ? NOT_REACHED : recognised(said, snapshot),
  ];
  return reported(checks, said);
}

async function signed(bytes, message, kid, said, snapshot, now) {
  const issuer = snapshot ? snapshot.issuers.get(said.issuer) : null;
  if (!issuer) return [["not_checked", "key_unreachable"], ["not_checked", "key_unreachable"]];
  const key = issuer.keys.get(kid);
  if (!key) return [NOT_REACHED, ["failed", "key_unknown"]];
  const proof = (await cose.verify(message, key)) || PASSED;
  if (key.revoked <= now) {
    const at = await witnessedAt(snapshot, bytes);
    if (at === undefined || at >= key.revoked) return [proof, ["failed", "key_revoked"]];
  }
  return [proof, PASSED];
}

/* A paused badge has its bit set in both lists: the pause is said, not the withdrawal. */
function status(said, snapshot) {
  const revoked = bit(said, snapshot, said.revocations, "revocation");
  if (typeof revoked !== "boolean") return revoked;
  const suspended = bit(said, snapshot, said.suspensions, "suspension");
  if (suspended === true) return ["failed", "suspended"];
  if (revoked) return ["failed", "revoked"];
  return suspended === false ? PASSED : suspended;
}

function bit(said, snapshot, number, purpose) {
  const list = snapshot && snapshot.site === said.site ? snapshot.lists.get(number) : null;
  if (!list) return ["not_checked", "status_unreachable"];
  if (list.issuer !== said.issuer) return ["not_checked", "status_issuer_differs"];
  if (list.purpose !== purpose) return ["failed", "status_purpose_differs"];
  if (said.index >= list.entries) return ["failed", "status_index_out_of_range"];
  return list.set.has(said.index);
}

function validity(said, now) {
  if (said.validUntil !== null && said.validFrom > said.validUntil) return ["failed", "dates_reversed"];
  if (now < said.validFrom) return ["failed", "not_yet_valid"];
  if (said.validUntil !== null && now > said.validUntil) return ["failed", "expired"];
  return PASSED;
}

function recognised(said, snapshot) {
  const own = snapshot ? snapshot.recognitions.filter((each) => each.issuer === said.issuer) : [];
  if (!own.length) return ["not_checked", "issuer_unknown"];
  const covering = own.filter((each) => !each.referentiel || said.achievement.startsWith(each.referentiel + "/"));
  if (!covering.length) return ["not_checked", "recognition_not_covering"];
  const inForce = covering.some((each) => each.from <= said.validFrom && said.validFrom <= each.until);
  return inForce ? PASSED : ["not_checked", "recognition_expired"];
}

function reported(listed, said) {
  const checks = Object.fromEntries(NAMES.map((name, place) => [name, listed[place]]));
  const outcomes = listed.map(([outcome]) => outcome);
  const verdict = outcomes.includes("failed")
    ? "invalid"
    : outcomes.every((outcome) => outcome === "passed")
      ? "valid"
      : "undetermined";
  return { verdict, kind: kindOf(verdict, checks), checks, said };
}

const SPOKEN = ["revoked", "suspended", "expired", "not_yet_valid"];

function kindOf(verdict, checks) {
  if (verdict === "valid") return "valid";
  const failed = NAMES.filter((name) => checks[name][0] === "failed");
  return failed.length ? kindOfFailed(checks, failed) : kindOfOpen(checks);
}

function kindOfFailed(checks, failed) {
  if (["signature_wrong", "key_mismatch"].includes(checks.proof[1])) return "forged";
  if (checks.key_controlled[0] === "failed") {
    return checks.key_controlled[1] === "key_revoked" ? "key_withdrawn" : "impostor";
  }
  const authentic = checks.proof[0] === "passed" && checks.key_controlled[0] === "passed";
  const reasons = failed.map((name) => checks[name][1]);
  if (authentic && failed.every((name) => name === "status" || name === "validity")) {
    const spoken = SPOKEN.find((reason) => reasons.includes(reason));
    if (spoken === "expired" && checks.issuer_recognised[0] !== "passed") return "expired_unrecognised";
    if (spoken) return spoken;
  }
  if (failed.length === 1 && checks.validity[1] === "expired") return "expired_unproved";
  if (failed.length === 1 && checks.validity[1] === "not_yet_valid") return "not_yet_valid_unproved";
  return "defective";
}

function kindOfOpen(checks) {
  if (checks.proof[0] === "not_checked" || checks.key_controlled[0] === "not_checked") return "unproved";
  if (checks.issuer_recognised[1] === "issuer_unknown") return "issuer_unknown";
  if (checks.issuer_recognised[0] === "not_checked") return "issuer_not_recognised";
  return checks.status[0] === "not_checked" ? "status_unchecked" : "undetermined";
}
