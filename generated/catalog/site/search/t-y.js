catalogIndex("t-y",[["years",[["",7,"C"]]]]);
