/** People who exist in a city of every size; `infra/local/demo/src/named.rs` says who they are. */
export const NURSE = "hinata-n01";
/** Shares most patients with the nurse, at another facility. */
export const DOCTOR = "aoba-d01";
/** Of the same facility as the nurse. */
export const COLLEAGUE = "hinata-n02";
/** Manages the nurse's facility. */
export const MANAGER = "hinata-m01";
/** A nurse who shares no patient with the nurse. */
export const OUTSIDER = "kaede-n01";
export const CITY_OFFICIAL = "city-01";
export const SECOND_OFFICIAL = "city-02";
export const OPERATOR = "op-01";
export const SYSTEM_ADMIN = "sa-01";
export const OPERATIONS_MANAGER = "om-01";
export const KEY_KEEPER = "km-01";
export const AUDITOR = "audit-01";
/** A pharmacist who is also the manager of the facility. */
export const PHARMACIST = "sumire-p01";
