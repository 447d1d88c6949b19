catalogIndex("t-9",[["900",[["",1,"xH"]]]]);
