const clef = "𝄞";
1 + clef;
