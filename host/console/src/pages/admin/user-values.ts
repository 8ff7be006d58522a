import type { Capacity, Membership, Role, Skill } from "../../api/types.ts";

/** What the form of a user holds. */
export interface UserValues {
  [field: string]: unknown;
  user_name: string;
  display_name: string;
  role: Role;
  language: string;
  password: string;
  skills: Skill[];
  queues: Membership[];
  capacity: Capacity[];
  desk_phone_password: string;
  without_desk_phone: boolean;
}
