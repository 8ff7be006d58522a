pub struct Auditor;
