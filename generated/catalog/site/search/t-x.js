catalogIndex("t-x",[["x",[["",0,"yI"],["",1,"yI"],["",7,"yI"]]]]);
