//! From the platform's records to the model: every judgement about meaning is here, and nothing
//! here sends or waits.
