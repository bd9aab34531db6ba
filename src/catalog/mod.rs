//! What earlier runs saw and reported.
